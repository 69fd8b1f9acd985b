/// <reference lib="dom" />
import type { EditChanges, Point } from "../../core/mod.ts";
import { withChanges } from "../../core/mod.ts";
import type { Picture } from "./api.ts";
import { classColour, COLOURS } from "./colours.ts";
import { change } from "./editing.ts";
import {
  alteredMark,
  drawn,
  erasedAt,
  isSure,
  type Mark,
  markAt,
  type Scene,
  sceneOf,
  stroke,
} from "./marks.ts";
import { drawScale, type Extent, tellPlace } from "./readouts.ts";
import { Renderer } from "./renderer.ts";
import type { Store } from "./store.ts";
import {
  fitted,
  inside,
  isInside,
  panned,
  type Size,
  toImage,
  toScreen,
  type Viewport,
  zoomed,
} from "./viewport.ts";

/** Screen pixels within which something is pointed at, and by which a click may slip. */
const [REACH, SLIP] = [9, 4];

/** Screen pixels that an arrow key moves the crosshair by. */
const STEP = 12;

/** What the hand is doing. */
interface Grip {
  what: "pan" | "erase" | "move" | "ring" | "tap";
  from: Point;
  mark?: Mark;
  changes: EditChanges;
  id: string;
}

const newId = () => crypto.randomUUID();

/** The canvas and the hand on it. */
export class Board {
  readonly #canvas: HTMLCanvasElement;
  readonly #store: Store;
  readonly #renderer: Renderer;
  readonly #resize: ResizeObserver;
  #view: Viewport = { centre: { x: 0, y: 0 }, zoom: 1 };
  #image: Extent = { width: 1, height: 1 };
  #shown = "";
  #scene: Scene | undefined;
  #grip: Grip | undefined;
  #line: Point[] = [];
  #crosshair: Point | undefined;
  #frame = 0;
  #isFitted = true;

  /** Takes a canvas and listens to the hand on it. @throws {Error} Where there is no WebGL 2. */
  constructor(canvas: HTMLCanvasElement, store: Store) {
    this.#canvas = canvas;
    this.#store = store;
    this.#renderer = new Renderer(canvas);
    this.#resize = new ResizeObserver(() => this.#fit());
    this.#resize.observe(canvas);
    canvas.addEventListener("pointerdown", (event) => this.#down(event));
    canvas.addEventListener("pointermove", (event) => this.#move(event));
    canvas.addEventListener("pointerup", (event) => this.#up(event));
    canvas.addEventListener("pointercancel", () => this.#drop());
    canvas.addEventListener("dblclick", () => this.#endLine());
    canvas.addEventListener("contextmenu", (event) => event.preventDefault());
    canvas.addEventListener("auxclick", (event) => event.preventDefault());
    canvas.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    canvas.addEventListener("keydown", (event) => this.#key(event));
    canvas.addEventListener("blur", () => this.#point(undefined));
  }

  /** Ends what it waits for. */
  close(): void {
    this.#resize.disconnect();
    cancelAnimationFrame(this.#frame);
  }

  get #screen(): Size {
    return { width: this.#canvas.clientWidth, height: this.#canvas.clientHeight };
  }

  /** Takes a picture; another micrograph is shown as a whole. */
  show(name: string, picture: Picture): void {
    const { width, height, step, fullWidth, fullHeight, pixelSizeA, pixels } = picture;
    this.#renderer.setPicture({ width, height }, step, pixels);
    this.#image = { width: fullWidth, height: fullHeight, pixelSizeA };
    if (name !== this.#shown) this.#isFitted = true;
    this.#shown = name;
    this.#fit();
  }

  /** Takes what can be pointed at. */
  setScene(scene: Scene | undefined): void {
    this.#scene = scene;
    this.#line = [];
    this.#update();
  }

  /** Draws before the next frame. */
  redraw(): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#renderer.draw(this.#view, this.#store.state.look);
      drawScale(this.#canvas, this.#view, this.#image);
    });
  }

  #fit(): void {
    const { width, height } = this.#screen;
    this.#renderer.resize({ width, height });
    if (this.#isFitted) this.#view = fitted(this.#image, { width, height });
    this.redraw();
  }

  /** Sends what is to be drawn to the renderer: the scene, and what the hand is about to do. */
  #update(): void {
    const { marks, classNumber, newPicks, diameterRange } = this.#store.state;
    const scene = this.#scene && marks && this.#grip && Object.keys(this.#grip.changes).length > 0
      ? sceneOf(marks, withChanges(marks.edits, this.#grip.changes), this.#store.diameter)
      : this.#scene;
    const { rings, lines } = scene && marks
      ? drawn(
        scene,
        { labels: marks.labels, fresh: newPicks, diameterRange },
        this.#store.diameter,
      )
      : { rings: [], lines: [] };
    if (this.#line.length > 0) {
      lines.push({ points: this.#line, score: 2, colour: classColour(classNumber) });
    }
    if (this.#crosshair !== undefined) lines.push(...this.#cross(this.#crosshair));
    this.#renderer.setMarks(rings, lines);
    this.redraw();
  }

  #cross({ x, y }: Point) {
    const arm = 14 / this.#view.zoom;
    return [[{ x: x - arm, y }, { x: x + arm, y }], [{ x, y: y - arm }, { x, y: y + arm }]]
      .map((points) => ({ points, score: 2, colour: COLOURS.cursor }));
  }

  #placeOf(event: MouseEvent): Point {
    const { left, top } = this.#canvas.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  }

  #toImage(place: Point): Point {
    return toImage(place, this.#view, this.#screen);
  }

  get #reach(): number {
    return REACH / this.#view.zoom;
  }

  /** What the store holds, also where it has not been drawn yet. */
  get #now(): Scene | undefined {
    const { marks } = this.#store.state;
    return marks && sceneOf(marks, marks.edits, this.#store.diameter);
  }

  /** Marks that are picks. */
  get #sure(): Mark[] {
    const { rule } = this.#store;
    return this.#now?.marks.filter((mark) => isSure(mark, rule)) ?? [];
  }

  #down(event: PointerEvent): void {
    this.#canvas.setPointerCapture(event.pointerId);
    const from = this.#placeOf(event);
    const point = this.#toImage(from);
    const { tool } = this.#store.state;
    const isErasing = event.button === 1 || (event.button === 0 && event.shiftKey);
    if (event.button === 1) event.preventDefault();
    const grip: Grip = { what: "pan", from, changes: {}, id: newId() };
    if (this.#scene === undefined || event.button === 2) this.#grip = grip;
    else if (isErasing) {
      this.#grip = { ...grip, what: "erase" };
      this.#erase([point]);
    } else if (tool === "ignore") this.#grip = { ...grip, what: "ring" };
    else this.#grip = { ...grip, what: "tap", mark: markAt(this.#sure, point, this.#reach) };
  }

  #move(event: PointerEvent): void {
    const place = this.#placeOf(event);
    const point = this.#toImage(place);
    tellPlace(this.#canvas, point, this.#image);
    const grip = this.#grip;
    if (grip === undefined) return;
    const away = Math.hypot(place.x - grip.from.x, place.y - grip.from.y);
    if (grip.what === "tap" && away > SLIP) {
      grip.what = grip.mark && this.#store.state.tool === "pick" ? "move" : "pan";
    }
    if (grip.what === "pan") {
      this.#pan(place.x - grip.from.x, place.y - grip.from.y);
      grip.from = place;
    } else if (grip.what === "erase") {
      this.#erase(stroke(this.#toImage(grip.from), point, this.#reach));
      grip.from = place;
    } else if (grip.what === "move") {
      let count = 0; // the same names at every step, so that one mark moves
      grip.changes = alteredMark(grip.mark!, inside(point, this.#image), () => {
        return `${grip.id}-${count++}`;
      });
      this.#update();
    } else if (grip.what === "ring") {
      const centre = this.#toImage(grip.from);
      const diameter = 2 * Math.hypot(point.x - centre.x, point.y - centre.y);
      if (away > SLIP) grip.changes = { [grip.id]: { kind: "ignore", ...centre, diameter } };
      this.#update();
    }
  }

  #up(event: PointerEvent): void {
    const grip = this.#grip;
    this.#grip = undefined;
    if (grip === undefined) return;
    const point = this.#toImage(this.#placeOf(event));
    if (grip.what === "tap") this.#tap(point);
    else if (grip.what === "ring" && Object.keys(grip.changes).length === 0) {
      const diameter = 2 * this.#store.diameter;
      change(this.#store, { [grip.id]: { kind: "ignore", ...point, diameter } });
    } else change(this.#store, grip.changes);
    this.#update();
  }

  #drop(): void {
    this.#grip = undefined;
    this.#update();
  }

  /** A click: adds a pick, or a node of a fiber. What was too weak is taken where it was seen. */
  #tap(point: Point): void {
    const { tool, classNumber, look } = this.#store.state;
    if (!isInside(point, this.#image)) return;
    if (tool === "fiber") {
      this.#line = [...this.#line, point];
      return this.#update();
    }
    if (markAt(this.#sure, point, this.#reach)) return; // it is there already
    const { rule } = this.#store;
    const weak = this.#now?.marks.filter((mark) => !isSure(mark, rule)) ?? [];
    const seen = look.dimmed > 0 ? markAt(weak, point, this.#reach) : undefined;
    if (seen) return change(this.#store, alteredMark(seen, { classNumber }, newId));
    const { diameter } = this.#store;
    change(this.#store, { [newId()]: { kind: "pick", ...point, diameter, classNumber } });
  }

  #erase(points: Point[]): void {
    const grip = this.#grip!;
    const { rule, state: { marks } } = this.#store;
    const edits = withChanges(marks!.edits, grip.changes);
    const scene = sceneOf(marks!, edits, this.#store.diameter);
    const erased = erasedAt(scene, points, { reach: this.#reach, rule, newId });
    grip.changes = { ...grip.changes, ...erased };
    this.#update();
  }

  /** Ends a fiber that is drawn. */
  #endLine(): void {
    const { tool, classNumber } = this.#store.state;
    const line = this.#line.filter((node, i, all) => {
      return i === 0 || Math.hypot(node.x - all[i - 1].x, node.y - all[i - 1].y) > this.#reach / 4;
    });
    this.#line = [];
    if (tool === "fiber" && line.length > 1) {
      change(this.#store, { [newId()]: { kind: "fiber", line, classNumber } });
    }
    this.#update();
  }

  #pan(dx: number, dy: number): void {
    this.#isFitted = false;
    this.#view = panned(this.#view, dx, dy);
    this.redraw();
  }

  #zoom(factor: number, at: Point): void {
    this.#isFitted = false;
    this.#view = zoomed(this.#view, factor, at, this.#screen);
    if (this.#crosshair !== undefined) this.#update();
    this.redraw();
  }

  #wheel(event: WheelEvent): void {
    event.preventDefault();
    this.#zoom(Math.exp(-event.deltaY / (event.deltaMode === 0 ? 300 : 12)), this.#placeOf(event));
  }

  /** Moves the crosshair of the keyboard; the picture follows. */
  #point(point: Point | undefined): void {
    this.#crosshair = point && inside(point, this.#image);
    if (this.#crosshair !== undefined) {
      const at = toScreen(this.#crosshair, this.#view, this.#screen);
      const { width, height } = this.#screen;
      const over = (value: number, most: number) =>
        value - Math.min(most - 20, Math.max(20, value));
      const [dx, dy] = [over(at.x, width), over(at.y, height)];
      if (dx !== 0 || dy !== 0) this.#pan(-dx, -dy);
      tellPlace(this.#canvas, this.#crosshair, this.#image);
    }
    this.#update();
  }

  #key(event: KeyboardEvent): void {
    const { width, height } = this.#screen;
    const middle = { x: width / 2, y: height / 2 };
    const at = this.#crosshair ?? this.#toImage(middle);
    const step = (event.shiftKey ? 1 : STEP) / this.#view.zoom;
    const arrows: Record<string, [number, number]> = {
      ArrowLeft: [-step, 0],
      ArrowRight: [step, 0],
      ArrowUp: [0, -step],
      ArrowDown: [0, step],
    };
    if (event.ctrlKey || event.metaKey) return;
    const arrow = arrows[event.key];
    if (arrow !== undefined) {
      const to = { x: at.x + arrow[0], y: at.y + arrow[1] };
      if (event.altKey) this.#moveMark(at, inside(to, this.#image));
      this.#point(to);
    } else if (event.key === "Enter") {
      if (this.#store.state.tool === "fiber" && this.#line.length > 1 && event.shiftKey) {
        this.#endLine();
      } else if (this.#store.state.tool === "ignore") {
        const diameter = 2 * this.#store.diameter;
        change(this.#store, { [newId()]: { kind: "ignore", ...at, diameter } });
      } else this.#tap(at);
    } else if (event.key === "Delete" || event.key === "Backspace") this.#eraseAt(at);
    else if (event.key === "Escape") {
      this.#line = [];
      this.#point(undefined);
    } else if (event.key === "+" || event.key === "=") this.#zoom(1.25, this.#onScreen(at));
    else if (event.key === "-") this.#zoom(0.8, this.#onScreen(at));
    else if (event.key === "0") {
      this.#isFitted = true;
      this.#fit();
    } else if (/^[1-6]$/.test(event.key)) this.#classify(at, Number(event.key));
    else return;
    event.preventDefault();
  }

  #onScreen(point: Point): Point {
    return toScreen(point, this.#view, this.#screen);
  }

  #moveMark(from: Point, to: Point): void {
    const mark = markAt(this.#sure, from, this.#reach);
    if (mark !== undefined) change(this.#store, alteredMark(mark, to, newId));
  }

  #eraseAt(point: Point): void {
    const scene = this.#now;
    if (scene === undefined) return;
    const { rule } = this.#store;
    change(this.#store, erasedAt(scene, [point], { reach: this.#reach, rule, newId }));
  }

  #classify(at: Point, classNumber: number): void {
    const mark = markAt(this.#sure, at, this.#reach);
    if (mark !== undefined && this.#crosshair !== undefined) {
      change(this.#store, alteredMark(mark, { classNumber }, newId));
    }
    this.#store.set({ classNumber });
  }
}
