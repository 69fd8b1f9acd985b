/// <reference lib="dom" />
import { useEffect, useMemo, useRef } from "preact/hooks";
import { getPicture } from "./api.ts";
import { Board } from "./board.ts";
import { listenToKeys } from "./keyboard.ts";
import { sceneOf } from "./marks.ts";
import { Spectrum } from "./spectrum.tsx";
import type { Store } from "./store.ts";

/** The picture of a micrograph with its marks: pan, zoom, add, erase, move, draw. */
export function PictureView({ store }: { store: Store }) {
  const { state } = store;
  const canvas = useRef<HTMLCanvasElement>(null);
  const board = useRef<Board>(null);
  const edits = state.marks?.edits;
  const { current, lowPassA, spectrum, marks } = state;
  const { diameter } = store;
  const scene = useMemo(
    () => marks && edits ? sceneOf(marks, edits, diameter) : undefined,
    [marks, edits, diameter],
  );
  useEffect(() => {
    try {
      board.current = new Board(canvas.current!, store);
      listenToKeys(canvas.current!, board.current, store);
    } catch (error) {
      store.set({ problem: error instanceof Error ? error.message : String(error) });
    }
    return () => board.current?.close();
  }, []);
  useEffect(() => {
    const abort = new AbortController();
    getPicture(current, { lowPassA, signal: abort.signal }).then((picture) => {
      const { pixels: _, ...head } = picture;
      board.current?.show(current, picture);
      if (store.state.current === current) store.set({ head });
    }).catch((error) => {
      if (!abort.signal.aborted) store.set({ problem: error.message });
    });
    return () => abort.abort();
  }, [current, lowPassA]);
  useEffect(
    () => board.current?.setScene(scene),
    [scene, state.newPicks, state.diameterRange],
  );
  useEffect(() => board.current?.redraw(), [state.look, state.tool, state.classNumber]);
  return (
    <section class="picture" aria-label="micrograph">
      <canvas
        ref={canvas}
        tabIndex={0}
        role="application"
        aria-label={`${current}: arrows move the crosshair, Enter adds, Delete erases`}
      />
      <div class="scale" hidden>
        <span />
        <i />
      </div>
      <output class="cursor" />
      {spectrum && <Spectrum name={current} onProblem={(problem) => store.set({ problem })} />}
      {state.head === undefined && <p class="wait" role="status">reading {current} …</p>}
    </section>
  );
}
