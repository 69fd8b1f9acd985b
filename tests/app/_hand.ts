// deno-lint-ignore no-import-prefix -- see _browser.ts
import type { ElementHandle, Page } from "npm:puppeteer-core@25.16.0";
import { assert } from "@std/assert";
import type { Point } from "../../lib/core/mod.ts";
import { fitted, type Size, toScreen } from "../../lib/app/page/viewport.ts";

/** The picture of a page under a hand, by pixels of the micrograph, which is shown as a whole. */
export class Hand {
  readonly page: Page;
  #box: { x: number; y: number; width: number; height: number };
  #image: Size;

  private constructor(page: Page, box: { x: number; y: number } & Size, image: Size) {
    this.page = page;
    this.#box = box;
    this.#image = image;
  }

  /** Waits for the picture. */
  static async on(page: Page, image: Size = { width: 200, height: 200 }): Promise<Hand> {
    await drawn(page);
    const canvas: ElementHandle | null = await page.$("canvas");
    return new Hand(page, (await canvas!.boundingBox())!, image);
  }

  /** Where in the window a pixel of the micrograph lies. */
  at(point: Point): Point {
    const { x, y } = toScreen(point, fitted(this.#image, this.#box), this.#box);
    return { x: this.#box.x + x, y: this.#box.y + y };
  }

  /** Clicks. */
  async click(point: Point): Promise<void> {
    const { x, y } = this.at(point);
    await this.page.mouse.click(x, y);
  }

  /** Drags through points, with a button or a key held. */
  async drag(
    points: Point[],
    { button = "left", key }: { button?: "left" | "middle" | "right"; key?: "Shift" } = {},
  ): Promise<void> {
    const { mouse, keyboard } = this.page;
    if (key) await keyboard.down(key);
    for (const [i, point] of points.entries()) {
      const { x, y } = this.at(point);
      await mouse.move(x, y, { steps: 3 });
      if (i === 0) await mouse.down({ button });
    }
    await mouse.up({ button });
    if (key) await keyboard.up(key);
  }
}

/** Waits until a micrograph and its marks are shown. */
export async function drawn(page: Page): Promise<void> {
  await page.waitForSelector(".wait", { hidden: true });
  await page.waitForFunction("document.querySelector('#count')?.textContent !== '…'");
  await page.evaluate("new Promise(requestAnimationFrame)");
}

/** Text of an element. */
export async function textOf(page: Page, selector: string): Promise<string> {
  return await page.$eval(selector, (element) => element.textContent ?? "");
}

/** Tries until something is true, a second at most, as long as an edit may take to the disk. */
export async function within1s<T>(read: () => Promise<T>, fits: (value: T) => boolean): Promise<T> {
  const start = performance.now();
  for (;;) {
    const value = await read();
    if (fits(value)) return value;
    assert(performance.now() - start < 1000, JSON.stringify(value));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
