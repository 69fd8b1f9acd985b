/// <reference lib="dom" />
import type { Point } from "../../core/mod.ts";
import type { Board } from "./board.ts";
import { change, newId } from "./editing.ts";
import { alteredMark, erasedAt, markAt } from "./marks.ts";
import type { Store } from "./store.ts";

/** Screen pixels that an arrow key moves the crosshair by; with shift it is one. */
const STEP = 12;

/** Where the arrows go, in columns and rows. */
const ARROWS: Record<string, Point> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/** Has the keys do on a canvas what the hand does there, where a crosshair stands that arrows move. */
export function listenToKeys(canvas: HTMLCanvasElement, board: Board, store: Store): void {
  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey) return;
    const act = actOf(event, board, store);
    if (act === undefined) return;
    act();
    event.preventDefault();
  });
  canvas.addEventListener("blur", () => board.point(undefined));
}

/** What a key does; nothing where it is none of ours. */
function actOf(
  { key, shiftKey, altKey }: KeyboardEvent,
  board: Board,
  store: Store,
): (() => void) | undefined {
  const at = board.crosshair ?? board.view.centre;
  const arrow = ARROWS[key];
  if (arrow !== undefined) {
    const step = (shiftKey ? 1 : STEP) / board.view.zoom;
    return () => go(board, store, { at, by: { x: step * arrow.x, y: step * arrow.y }, altKey });
  }
  if (/^[1-6]$/.test(key)) return () => classify(board, store, Number(key));
  const [erase, enlarge] = [() => eraseAt(board, store, at), () => board.zoom(1.25, at)];
  const acts: Record<string, () => void> = {
    Enter: () => shiftKey && board.isDrawing ? board.endLine() : board.tap(at),
    Delete: erase,
    Backspace: erase,
    Escape: () => board.forget(),
    "+": enlarge,
    "=": enlarge,
    "-": () => board.zoom(0.8, at),
    "0": () => board.showAll(),
  };
  return acts[key];
}

/** Moves the crosshair, with alt also the mark under it. */
function go(
  board: Board,
  store: Store,
  { at, by, altKey }: { at: Point; by: Point; altKey: boolean },
): void {
  const mark = altKey ? markAt(store.sure, at, board.reach) : undefined;
  board.point({ x: at.x + by.x, y: at.y + by.y });
  if (mark && board.crosshair) change(store, alteredMark(mark, board.crosshair, newId));
}

function eraseAt({ reach }: Board, store: Store, at: Point): void {
  const { scene, rule } = store;
  if (scene) change(store, erasedAt(scene, [at], { reach, rule, newId }));
}

/** Gives a class to the mark under the crosshair, and to those that come. */
function classify({ crosshair, reach }: Board, store: Store, classNumber: number): void {
  const mark = crosshair && markAt(store.sure, crosshair, reach);
  if (mark) change(store, alteredMark(mark, { classNumber }, newId));
  store.set({ classNumber });
}
