/// <reference lib="dom" />
import { useEffect, useRef } from "preact/hooks";
import type { HeatLayer, Look, Ring } from "../page/drawable.ts";
import { Renderer } from "../page/renderer.ts";
import { fitted, panned, toScreen, type Viewport, zoomed } from "../page/viewport.ts";
import type { SitePicks } from "./worker.ts";

/** Screen pixels that an arrow key moves the picture by. */
const STEP = 40;

/** How a picture is shown where nothing else is said. */
export const PLAIN: Look = {
  ...{ sigmas: 6, offset: 0, invert: false, marks: true },
  ...{ threshold: 0, dimmed: 0.15, heat: 0.85 },
};

/** A picture with rings: wheel and drag, or plus, minus, 0 and arrows, move it. */
export function Stage({ picks, rings, heat, look }: {
  picks: SitePicks;
  rings: readonly Ring[];
  heat?: HeatLayer;
  look: Look;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const stage = useRef<{ renderer: Renderer; view: Viewport }>(null);
  const shown = useRef(look);
  shown.current = look;
  const screen = () => ({
    width: canvas.current!.clientWidth,
    height: canvas.current!.clientHeight,
  });
  const draw = () => stage.current?.renderer.draw(stage.current.view, shown.current);
  const fit = () => {
    if (stage.current === null) return;
    stage.current.renderer.resize(screen());
    stage.current.view = fitted(picks, screen());
    draw();
  };
  useEffect(() => {
    const renderer = stage.current?.renderer ?? new Renderer(canvas.current!);
    const { display } = picks;
    renderer.setPicture(display, display.step, display.pixels);
    stage.current = { renderer, view: fitted(picks, screen()) };
    const observer = new ResizeObserver(fit);
    observer.observe(canvas.current!);
    return () => observer.disconnect();
  }, [picks]);
  useEffect(() => stage.current?.renderer.setMarks(rings, []), [picks, rings]);
  useEffect(() => stage.current?.renderer.setHeat(heat), [picks, heat]);
  useEffect(draw);
  const change = (next: (view: Viewport) => Viewport) => {
    if (stage.current === null) return;
    stage.current.view = next(stage.current.view);
    requestAnimationFrame(draw);
  };
  const zoom = (
    factor: number,
    at = toScreen(stage.current!.view.centre, stage.current!.view, screen()),
  ) => change((view) => zoomed(view, factor, at, screen()));
  const keys: Record<string, () => void> = {
    "+": () => zoom(1.25),
    "=": () => zoom(1.25),
    "-": () => zoom(0.8),
    "0": fit,
    ArrowLeft: () => change((view) => panned(view, STEP, 0)),
    ArrowRight: () => change((view) => panned(view, -STEP, 0)),
    ArrowUp: () => change((view) => panned(view, 0, STEP)),
    ArrowDown: () => change((view) => panned(view, 0, -STEP)),
  };
  return (
    <canvas
      ref={canvas}
      tabIndex={0}
      role="img"
      aria-label={`${picks.name} with its picks; plus, minus, 0 and arrows move it`}
      onKeyDown={(event) => {
        if (keys[event.key] === undefined || event.ctrlKey || event.metaKey) return;
        event.preventDefault();
        keys[event.key]();
      }}
      onWheel={(event) => {
        event.preventDefault();
        const { offsetX: x, offsetY: y, deltaY } = event;
        zoom(Math.exp(-deltaY / 300), { x, y });
      }}
      onPointerMove={({ buttons, movementX, movementY }) => {
        if (buttons > 0) change((view) => panned(view, movementX, movementY));
      }}
    />
  );
}
