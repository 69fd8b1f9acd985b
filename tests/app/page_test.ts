/// <reference lib="dom" />
import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { decode } from "fast-png";
import { type Edit, type Edits, random } from "../../lib/core/mod.ts";
import { readCoordinates, readEdits, writeMrc } from "../../lib/io/mod.ts";
import { browserTest, openPage } from "./_browser.ts";
import { drawn, Hand, textOf, within1s } from "./_hand.ts";
import { CANDIDATES, viewFolder, withView } from "./_view.ts";

async function editsOf(picks: string, name = "one"): Promise<Edits> {
  return (await readEdits(join(picks, "edits", `${name}.json`)).catch(() => ({ edits: {} }))).edits;
}

function kinds(edits: Edits): string[] {
  return Object.values(edits).map(({ kind }) => kind).sort();
}

const only = (edits: Edits, kind: string) =>
  Object.values(edits).filter((edit): edit is Edit & { x: number; y: number } =>
    edit.kind === kind
  );

browserTest(
  "threshold, add, erase, move, undo, save: the file has what was seen",
  async (browser) => {
    await withView(async (view, { picks }) => {
      const { page, problems } = await openPage(browser, view.address);
      const hand = await Hand.on(page);
      assertEquals(await textOf(page, "#count"), "3"); // at the threshold of the record, 0.4
      await page.$eval("#threshold", (slider) => {
        (slider as unknown as { value: string }).value = "0.6";
        slider.dispatchEvent(new Event("input", { bubbles: true }));
      });
      assertEquals(await textOf(page, "#count"), "2");
      await hand.click({ x: 100, y: 100 });
      const one = await within1s(() => editsOf(picks), (edits) => kinds(edits).length === 1);
      const [added] = only(one, "pick");
      assertAlmostEquals(added.x, 100, 0.5);
      assertAlmostEquals(added.y, 100, 0.5);
      assertEquals(await textOf(page, "#count"), "3");
      await hand.drag([{ x: 50, y: 52 }, { x: 70, y: 68 }], { key: "Shift" }); // erases a candidate
      const two = await within1s(() => editsOf(picks), (edits) => kinds(edits).length === 2);
      assertEquals(only(two, "rejected").map(({ x, y }) => [x, y]), [[60, 60]]);
      await hand.drag([{ x: 150, y: 60 }, { x: 170, y: 80 }]); // moves the other
      const three = await within1s(() => editsOf(picks), (edits) => kinds(edits).length === 4);
      const moved = only(three, "pick").find(({ x }) => x > 120)!;
      assertAlmostEquals(moved.x, 170, 0.5);
      assertAlmostEquals(moved.y, 80, 0.5);
      await hand.click({ x: 30, y: 180 });
      await within1s(() => editsOf(picks), (edits) => kinds(edits).length === 5);
      await page.click("#undo");
      await within1s(() => editsOf(picks), (edits) => kinds(edits).length === 4);
      await page.click("#undo");
      await within1s(() => editsOf(picks), (edits) => kinds(edits).length === 2);
      await page.click("#redo");
      await within1s(() => editsOf(picks), (edits) => kinds(edits).length === 4);
      await page.keyboard.down("Control");
      await page.keyboard.press("s");
      await page.keyboard.up("Control");
      await page.waitForFunction(
        "document.querySelector('#saved').textContent.includes('written')",
      );
      const written = await readCoordinates(join(picks, "one.star"));
      const rounded = written.map(({ x, y, score }) => [Math.round(x), Math.round(y), score])
        .sort();
      assertEquals(rounded, [[100, 100, 1], [170, 80, 0.7]]);
      assertEquals(problems, []);
    });
  },
);

browserTest(
  "vesicles outside a range of diameters are neither counted nor written",
  async (browser) => {
    const folder = await viewFolder({
      candidates: CANDIDATES.map((candidate, i) => ({ ...candidate, diameter: 20 + 10 * i })),
      mode: "vesicle",
    });
    await withView(async (view, { picks }) => {
      const { page, problems } = await openPage(browser, view.address);
      const hand = await Hand.on(page);
      assertEquals(await textOf(page, "#count"), "3");
      await page.$eval("#least-diameter", (slider) => {
        (slider as unknown as { value: string }).value = "25";
        slider.dispatchEvent(new Event("input", { bubbles: true }));
      });
      assertEquals(await textOf(page, "#count"), "2");
      await hand.drag([{ x: 50, y: 60 }, { x: 70, y: 60 }], { key: "Shift" }); // no pick: it stays
      await hand.click({ x: 100, y: 100 });
      await within1s(() => editsOf(picks), (edits) => kinds(edits).length === 1);
      assertEquals(await textOf(page, "#count"), "3");
      await page.click("#save");
      await page.waitForFunction(
        "document.querySelector('#saved').textContent.includes('written')",
      );
      const written = await readCoordinates(join(picks, "one.star"));
      assertEquals(written.map(({ x, y }) => [Math.round(x), Math.round(y)]), [
        [150, 60],
        [60, 150],
        [100, 100],
      ]);
      await page.reload();
      await Hand.on(page);
      assertEquals(await textOf(page, "#count"), "3"); // the range was kept
      await page.$eval("#least-diameter", (slider) => {
        (slider as unknown as { value: string }).value = "20";
        slider.dispatchEvent(new Event("input", { bubbles: true }));
      });
      assertEquals(await textOf(page, "#count"), "4");
      assertEquals(problems, []);
    }, { folder });
  },
);

browserTest(
  "the hand as RELION's: left takes what was too weak, middle erases",
  async (browser) => {
    await withView(async (view, { picks }) => {
      const { page, problems } = await openPage(browser, view.address);
      const hand = await Hand.on(page);
      await hand.click({ x: 151, y: 149 }); // its score of 0.3 is below the threshold
      await within1s(() => editsOf(picks), (edits) => kinds(edits).length === 2);
      assertEquals(await textOf(page, "#count"), "4");
      await page.click("#save");
      await page.waitForFunction(
        "document.querySelector('#saved').textContent.includes('written')",
      );
      const written = await readCoordinates(join(picks, "one.star"));
      assertEquals(written.map(({ x, y }) => [x, y]).at(-1), [150, 150]);
      const { x, y } = hand.at({ x: 60, y: 150 });
      await page.mouse.click(x, y, { button: "middle" });
      await within1s(() => editsOf(picks), (edits) => kinds(edits).length === 3);
      assertEquals(await textOf(page, "#count"), "3");
      await hand.drag([{ x: 30, y: 60 }, { x: 180, y: 60 }], { button: "middle" });
      await within1s(() => editsOf(picks), (edits) => kinds(edits).length === 5);
      assertEquals(await textOf(page, "#count"), "1");
      assertEquals(problems, []);
    });
  },
);

browserTest("ignored circles, fibers, classes and done marks reach the disk", async (browser) => {
  await withView(async (view, { picks }) => {
    const { page, problems } = await openPage(browser, view.address);
    const hand = await Hand.on(page);
    await page.keyboard.press("3");
    await hand.click({ x: 100, y: 30 });
    await page.keyboard.press("i");
    await hand.drag([{ x: 60, y: 60 }, { x: 60, y: 100 }]); // over the best candidate
    await page.keyboard.press("f");
    for (const x of [20, 60, 100]) await hand.click({ x, y: 180 });
    await page.keyboard.down("Shift");
    await page.keyboard.press("Enter");
    await page.keyboard.up("Shift");
    await page.keyboard.press("d");
    const edits = await within1s(() => editsOf(picks), (edits) => kinds(edits).length === 4);
    assertEquals(kinds(edits), ["done", "fiber", "ignore", "pick"]);
    const [pick] = only(edits, "pick") as (Edit & { classNumber?: number })[];
    assertEquals(pick.classNumber, 3);
    const [circle] = only(edits, "ignore") as (Edit & { diameter?: number })[];
    assertAlmostEquals(circle.diameter!, 80, 1);
    const fiber = Object.values(edits).find((edit) => edit.kind === "fiber")!;
    assertEquals(fiber.line.map(({ x }) => Math.round(x)), [20, 60, 100]);
    assertStringIncludes(await textOf(page, ".row"), "✓");
    assertEquals(await textOf(page, "#count"), "6"); // 3 − 1 ignored + 1 + 3 nodes
    await page.click("#save");
    await page.waitForFunction("document.querySelector('#saved').textContent.includes('written')");
    const written = await readCoordinates(join(picks, "one.star"));
    assertEquals(written.length, 6);
    assertEquals(written.find(({ y }) => Math.round(y) === 30)?.classNumber, 3);
    assertEquals(problems, []);
  });
});

browserTest("a micrograph that was never picked is labelled and saved", async (browser) => {
  await withView(async (view, { picks }) => {
    const { page, problems } = await openPage(browser, view.address);
    await Hand.on(page);
    await page.keyboard.press("n");
    await page.waitForFunction("document.querySelector('h1').textContent === 'three'");
    const hand = await Hand.on(page);
    await hand.click({ x: 40, y: 160 });
    await within1s(() => editsOf(picks, "three"), (edits) => kinds(edits).length === 1);
    await page.click("#save");
    await page.waitForFunction("document.querySelector('#saved').textContent.includes('written')");
    const [{ x, y }] = await readCoordinates(join(picks, "three.star"));
    assertAlmostEquals(x, 40, 0.5);
    assertAlmostEquals(y, 160, 0.5);
    assertEquals((await readCoordinates(join(picks, "one.star"))).length, 3);
    assertEquals(problems, []);
  });
});

browserTest("a folder that was never picked says how to begin; keys are told", async (browser) => {
  const folder = await viewFolder();
  await withView(async (view) => {
    const { page, problems } = await openPage(browser, view.address);
    const hand = await Hand.on(page);
    await page.waitForFunction("/Nothing was picked yet/.test(document.body.textContent)");
    assertEquals(await page.$(".histogram"), null);
    await page.keyboard.press("?");
    await page.waitForSelector(".help");
    await page.keyboard.press("Escape");
    await page.waitForSelector(".help", { hidden: true });
    await hand.click({ x: 40, y: 160 });
    await page.waitForSelector(".histogram");
    assertEquals(problems, []);
  }, { folder, picks: join(folder.folder, "none") });
});

browserTest("two tabs add up, and each sees what the other does", async (browser) => {
  await withView(async (view, { picks }) => {
    const [a, b] = [await openPage(browser, view.address), await openPage(browser, view.address)];
    const right = await Hand.on(b.page);
    await a.page.bringToFront(); // browsers draw nothing on those behind
    const left = await Hand.on(a.page);
    await left.click({ x: 20, y: 100 });
    await b.page.bringToFront();
    await right.click({ x: 180, y: 100 });
    const edits = await within1s(() => editsOf(picks), (edits) => kinds(edits).length === 2);
    assertEquals(only(edits, "pick").map(({ x }) => Math.round(x)).sort(), [180, 20]);
    for (const { page } of [a, b]) {
      await page.bringToFront();
      await page.waitForFunction("document.querySelector('#count').textContent === '5'");
    }
    assertEquals([a.problems, b.problems], [[], []]);
  });
});

browserTest(
  "the power spectrum lies beside the picture, of the micrograph that is shown",
  async (browser) => {
    await withView(async (view, { micrographs }) => {
      const stream = random(5);
      const pixels = Float32Array.from({ length: 200 * 200 }, (_, i) => {
        return Math.cos(i * Math.PI / 4) + stream.normal();
      });
      await writeMrc(join(micrographs, "three.mrc"), { width: 200, height: 200, pixels });
      const { page, problems } = await openPage(browser, view.address);
      await drawn(page);
      assertStringIncludes(await textOf(page, ".row"), "3 picks0.70"); // of 0.9, 0.7 and 0.5
      await page.keyboard.press("s");
      await page.waitForFunction("document.querySelector('.spectrum canvas')?.width === 128");
      assertStringIncludes(await textOf(page, ".spectrum"), "to 4.00 Å");
      await page.keyboard.press("n"); // a wave of 8 pixels along x: 16 from the middle
      await page.waitForFunction(
        "document.querySelector('.spectrum').textContent.endsWith('2 px')",
      );
      const greys = await page.$eval(".spectrum canvas", (element) => {
        const context = (element as unknown as HTMLCanvasElement).getContext("2d")!;
        return [[80, 64], [48, 64], [64, 80], [75, 75]].map(([x, y]) =>
          context.getImageData(x, y, 1, 1).data[0]
        );
      });
      assertEquals(greys.map((grey) => grey === 255), [true, true, false, false]);
      await page.keyboard.press("s");
      await page.waitForSelector(".spectrum", { hidden: true });
      assertEquals(problems, []);
    });
  },
);

browserTest(
  "marks are drawn where they are: rings of the candidates' diameter",
  async (browser) => {
    const flat = await viewFolder();
    await withView(async (view) => {
      const { page } = await openPage(browser, view.address);
      const hand = await Hand.on(page);
      const { width, channels, data } = decode(await page.screenshot());
      const colourAt = ({ x, y }: { x: number; y: number }) => {
        const at = (Math.round(y) * width + Math.round(x)) * channels;
        return [...data.slice(at, at + 3)];
      };
      const isBlue = ([r, g, b]: number[]) => b > 180 && g > 130 && r < 130;
      const [{ x, y, diameter }] = CANDIDATES;
      for (const angle of [0, 1, 2, 3, 4, 5]) {
        const rim = {
          x: x + diameter / 2 * Math.cos(angle),
          y: y + diameter / 2 * Math.sin(angle),
        };
        assert(isBlue(colourAt(hand.at(rim))), `${angle}: ${colourAt(hand.at(rim))}`);
      }
      const [r, g, b] = colourAt(hand.at({ x: 100, y: 100 }));
      assert(r === g && g === b, "the picture is grey");
    }, { folder: flat });
  },
);

browserTest(
  "without a GPU a picture moves at half its pixels, and is sharp where it rests",
  async (browser) => {
    await withView(async (view) => {
      const { page, problems } = await openPage(browser, view.address);
      const hand = await Hand.on(page);
      const pixels = () =>
        page.$eval("canvas", (element) => {
          const { width, clientWidth } = element as unknown as HTMLCanvasElement;
          return width / clientWidth;
        });
      assertEquals(await pixels(), 1);
      const { x, y } = hand.at({ x: 100, y: 100 });
      await page.mouse.move(x, y);
      await page.mouse.down({ button: "right" });
      for (let i = 1; await pixels() === 1; i++) {
        assert(i < 50, "it stays at all pixels while it moves");
        await page.mouse.move(x + i, y);
      }
      assertAlmostEquals(await pixels(), 0.5, 0.01);
      await page.mouse.up({ button: "right" });
      await page.waitForFunction(
        "document.querySelector('canvas').width === document.querySelector('canvas').clientWidth",
      );
      assertEquals(problems, []);
    });
  },
);

browserTest("hostile names and warnings run no script", async (browser) => {
  const evil = "<img src=x onerror='window.ran=1'>&quot;$`%2e";
  const folder = await viewFolder({ names: [evil], warnings: ["<b onclick=ran()>"] });
  await withView(async (view) => {
    const { page, problems } = await openPage(browser, view.address);
    await Hand.on(page);
    assertEquals(await textOf(page, "h1"), evil);
    assertStringIncludes(await textOf(page, "header"), "<b onclick=ran()>");
    await page.click("#save");
    await page.waitForFunction("document.querySelector('#saved').textContent.includes('written')");
    assertEquals(await page.evaluate("window.ran"), undefined);
    assertEquals(problems, []);
  }, { folder });
});

browserTest("the keyboard alone labels, erases, moves and saves", async (browser) => {
  await withView(async (view, { picks }) => {
    const { page, problems } = await openPage(browser, view.address);
    await Hand.on(page);
    const focused = () =>
      page.evaluate("document.activeElement.tagName + ' ' + document.activeElement.className");
    for (let i = 0; i < 12 && await focused() !== "CANVAS "; i++) await page.keyboard.press("Tab");
    assertEquals(await focused(), "CANVAS ");
    await page.keyboard.press("Enter"); // in the middle
    const one = await within1s(() => editsOf(picks), (edits) => kinds(edits).length === 1);
    const [{ x: before }] = only(one, "pick");
    await page.keyboard.down("Alt");
    for (let i = 0; i < 3; i++) await page.keyboard.press("ArrowRight");
    await page.keyboard.up("Alt");
    const moved = await within1s(
      () => editsOf(picks),
      (edits) => only(edits, "pick")[0].x > before + 5,
    );
    assertEquals(kinds(moved), ["pick"]);
    await page.keyboard.press("Delete");
    await within1s(() => editsOf(picks), (edits) => kinds(edits).length === 0);
    await page.keyboard.down("Control");
    await page.keyboard.press("z");
    await page.keyboard.press("s");
    await page.keyboard.up("Control");
    await page.waitForFunction("document.querySelector('#saved').textContent.includes('written')");
    assertEquals((await readCoordinates(join(picks, "one.star"))).length, 4);
    assertEquals(problems, []);
  });
});

browserTest(
  "of ten thousand micrographs only the rows in sight are in the page",
  async (browser) => {
    const folder = await viewFolder({ names: ["m00000"] });
    const first = join(folder.micrographs, "m00000.mrc");
    for (let i = 1; i < 10_000; i++) {
      await Deno.symlink(first, join(folder.micrographs, `m${String(i).padStart(5, "0")}.mrc`));
    }
    await withView(async (view) => {
      const { page, problems } = await openPage(browser, view.address);
      await drawn(page);
      assert((await page.$$(".row")).length < 40);
      await page.focus(".rows");
      await page.keyboard.press("End");
      await page.waitForFunction("document.querySelector('h1').textContent === 'm09999'");
      await page.waitForFunction("document.querySelector('.row[aria-selected=true]')");
      assert((await page.$$(".row")).length < 40);
      await page.waitForFunction("/ in 10000 micrographs/.test(document.body.textContent)");
      assertEquals(problems, []);
    }, { folder });
  },
);

browserTest(
  "texts have a contrast of 4.5 and more, light and dark, and the focus is seen",
  async (browser) => {
    await withView(async (view) => {
      const { page } = await openPage(browser, view.address);
      await drawn(page);
      for (const scheme of ["light", "dark"]) {
        await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
        const colours = await page.evaluate(() => {
          const style = getComputedStyle(document.documentElement);
          const names = ["paper", "ink", "faint", "chosen", "strong", "bad"];
          return Object.fromEntries(
            names.map((name) => [name, style.getPropertyValue(`--${name}`)]),
          );
        });
        const pairs = [
          ...["ink", "faint", "strong", "bad"].map((ink) => [ink, "paper"]),
          ["ink", "chosen"],
        ];
        for (const [ink, paper] of pairs) {
          const ratio = contrast(colours[ink].trim(), colours[paper].trim());
          assert(ratio >= 4.5, `${scheme}: ${ink} on ${paper} has ${ratio.toFixed(2)}`);
        }
      }
      await page.focus("#save");
      await page.keyboard.press("Tab");
      await page.keyboard.down("Shift");
      await page.keyboard.press("Tab");
      await page.keyboard.up("Shift");
      const outline = await page.$eval("#save", (button) => getComputedStyle(button).outlineWidth);
      assertEquals(outline, "3px");
    });
  },
);

/** Contrast of two colours by WCAG 2. */
function contrast(a: string, b: string): number {
  const luminance = (colour: string) => {
    const [r, g, b] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255)
      .map((value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}
