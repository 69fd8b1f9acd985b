/// <reference lib="dom" />
import type { EditChanges, Point } from "../../core/mod.ts";
import { withChanges } from "../../core/mod.ts";
import type { Picture } from "./api.ts";
import { classColour, COLOURS } from "./colours.ts";
import { change, newId } from "./editing.ts";
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

/** What the hand is doing. */
interface Grip {
  what: "pan" | "erase" | "move" | "ring" | "tap";
  from: Point;
  mark?: Mark;
  changes: EditChanges;
  id: string;
}

/** The canvas and the hand on it; the keys are in `keyboard.ts`. */
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
    canvas.addEventListener("dblclick", () => this.endLine());
    canvas.addEventListener("contextmenu", (event) => event.preventDefault());
    canvas.addEventListener("auxclick", (event) => event.preventDefault());
    canvas.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
  }

  /** Ends what it waits for. */
  close(): void {
    this.#resize.disconnect();
    cancelAnimationFrame(this.#frame);
  }

  /** What lies where on the screen. */
  get view(): Viewport {
    return this.#view;
  }

  /** Where the keyboard points, while it does. */
  get crosshair(): Point | undefined {
    return this.#crosshair;
  }

  /** Pixels of the micrograph within which something is pointed at. */
  get reach(): number {
    return REACH / this.#view.zoom;
  }

  /** Whether a fiber is being drawn that could end. */
  get isDrawing(): boolean {
    return this.#store.state.tool === "fiber" && this.#line.length > 1;
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
    else this.#grip = { ...grip, what: "tap", mark: markAt(this.#store.sure, point, this.reach) };
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
      this.#erase(stroke(this.#toImage(grip.from), point, this.reach));
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
    const isClick = grip.what === "ring" && Object.keys(grip.changes).length === 0;
    if (grip.what === "tap" || isClick) this.tap(this.#toImage(this.#placeOf(event)));
    else change(this.#store, grip.changes);
    this.#update();
  }

  #drop(): void {
    this.#grip = undefined;
    this.#update();
  }

  /** A click: adds a pick, a circle or a node of a fiber. What was too weak is taken where it was seen. */
  tap(point: Point): void {
    const { tool, classNumber, look } = this.#store.state;
    if (tool === "ignore") {
      const diameter = 2 * this.#store.diameter;
      return change(this.#store, { [newId()]: { kind: "ignore", ...point, diameter } });
    }
    if (!isInside(point, this.#image)) return;
    if (tool === "fiber") {
      this.#line = [...this.#line, point];
      return this.#update();
    }
    const { diameter, rule, sure, scene } = this.#store;
    if (markAt(sure, point, this.reach)) return; // it is there already
    const weak = scene?.marks.filter((mark) => !isSure(mark, rule)) ?? [];
    const seen = look.dimmed > 0 ? markAt(weak, point, this.reach) : undefined;
    if (seen) return change(this.#store, alteredMark(seen, { classNumber }, newId));
    change(this.#store, { [newId()]: { kind: "pick", ...point, diameter, classNumber } });
  }

  #erase(points: Point[]): void {
    const grip = this.#grip!;
    const { rule, state: { marks } } = this.#store;
    const edits = withChanges(marks!.edits, grip.changes);
    const scene = sceneOf(marks!, edits, this.#store.diameter);
    const erased = erasedAt(scene, points, { reach: this.reach, rule, newId });
    grip.changes = { ...grip.changes, ...erased };
    this.#update();
  }

  /** Ends a fiber that is drawn. */
  endLine(): void {
    const { tool, classNumber } = this.#store.state;
    const line = this.#line.filter((node, i, all) => {
      return i === 0 || Math.hypot(node.x - all[i - 1].x, node.y - all[i - 1].y) > this.reach / 4;
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

  /** Larger or smaller by a factor; a pixel of the micrograph stays where it is on the screen. */
  zoom(factor: number, at: Point): void {
    this.#isFitted = false;
    const place = toScreen(at, this.#view, this.#screen);
    this.#view = zoomed(this.#view, factor, place, this.#screen);
    if (this.#crosshair !== undefined) this.#update();
    this.redraw();
  }

  /** Shows the micrograph as a whole. */
  showAll(): void {
    this.#isFitted = true;
    this.#fit();
  }

  #wheel(event: WheelEvent): void {
    event.preventDefault();
    const factor = Math.exp(-event.deltaY / (event.deltaMode === 0 ? 300 : 12));
    this.zoom(factor, this.#toImage(this.#placeOf(event)));
  }

  /** Moves the crosshair of the keyboard, or takes it away; the picture follows. */
  point(point: Point | undefined): void {
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

  /** Leaves a fiber that is being drawn, and takes the crosshair away. */
  forget(): void {
    this.#line = [];
    this.point(undefined);
  }
}
