import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { EPickerError, random } from "../../lib/core/mod.ts";
import {
  looseTracing,
  reachIn,
  traceDetected,
  traceFibers,
  type TraceOptions,
} from "../../lib/tracing/mod.ts";
import {
  arc,
  type Curve,
  lengthOfCurve,
  matchOf,
  REACH,
  scatteredPoints,
  sine,
  straight,
} from "./_fibers.ts";

/** Fibers whose truth is known. */
interface Scene {
  curves: Curve[];
  /** Parameters of the curves at which there are points. */
  keep?: (t: number) => boolean;
  options?: Partial<TraceOptions>;
}

const LEFT = { x: 100, y: 500 };
const RIGHT = { x: 900, y: 500 };

const SCENES: Record<string, Scene> = {
  "a straight fiber": { curves: [straight({ x: 100, y: 200 }, { x: 900, y: 560 })] },
  "a quarter circle": { curves: [arc({ x: 500, y: 500 }, 400, 0, Math.PI / 2)] },
  "half a circle": { curves: [arc({ x: 500, y: 500 }, 300, 1, 1 + Math.PI)] },
  "a sine": { curves: [sine({ x: 50, y: 500 }, 900, 560, 40)] },
  "a narrow arc at a higher turn limit": {
    curves: [arc({ x: 500, y: 500 }, 150, 0, 3.5)],
    options: { maxTurn: 1 },
  },
  "two fibers that cross squarely": {
    curves: [straight(LEFT, RIGHT), straight({ x: 500, y: 100 }, { x: 520, y: 900 })],
  },
  "two fibers that cross at ten degrees": {
    curves: [
      straight({ x: 100, y: 430 }, { x: 900, y: 571 }),
      straight({ x: 100, y: 571 }, { x: 900, y: 430 }),
    ],
  },
  "a straight fiber across an arc": {
    curves: [arc({ x: 500, y: 300 }, 300, 0.2, Math.PI - 0.2), straight(LEFT, RIGHT)],
  },
  "a fiber with a gap": {
    curves: [straight({ x: 100, y: 300 }, { x: 900, y: 380 })],
    keep: (t) => t < 0.4 || t > 0.51,
  },
  "an arc with two gaps": {
    curves: [arc({ x: 500, y: 500 }, 400, 0, Math.PI / 2)],
    keep: (t) => (t < 0.3 || t > 0.4) && (t < 0.6 || t > 0.7),
  },
  "two fibers that touch with their ends": {
    curves: [
      straight({ x: 500, y: 500 }, { x: 800, y: 500 }),
      straight({ x: 500, y: 500 }, {
        x: 660,
        y: 750,
      }),
    ],
  },
  "a fiber that ends on another": {
    curves: [straight(LEFT, RIGHT), straight({ x: 500, y: 500 }, { x: 530, y: 800 })],
  },
  "parallel fibers": {
    curves: [0, 1, 2].map((k) =>
      straight({ x: 100, y: 400 + 25 * k }, { x: 900, y: 420 + 25 * k })
    ),
  },
};

for (const [name, scene] of Object.entries(SCENES)) {
  Deno.test(`${name}: every fiber is traced as one piece, nothing else is`, () => {
    for (let seed = 0; seed < 8; seed++) {
      const { keep } = scene;
      const points = scatteredPoints(scene.curves, { seed, noise: 1, ...(keep && { keep }) });
      const fibers = traceFibers(points, { reach: REACH, ...scene.options });
      assertEquals(fibers.length, scene.curves.length, `seed ${seed}`);
      const matches = scene.curves.map((curve) => matchOf(curve, fibers));
      assertEquals(new Set(matches.map(({ index }) => index)).size, fibers.length);
      for (const { apart, beside } of matches) {
        assert(apart < REACH / 4, `an end ${apart} px off with seed ${seed}`);
        assert(beside < 6, `a node ${beside} px beside with seed ${seed}`);
      }
    }
  });
}

Deno.test("the length of a traced arc is that of its curve to one percent", () => {
  const curve = arc({ x: 500, y: 500 }, 400, 0, Math.PI / 2);
  for (let seed = 0; seed < 5; seed++) {
    const [fiber] = traceFibers(scatteredPoints([curve], { seed, noise: 1 }), { reach: REACH });
    assertAlmostEquals(fiber.length, lengthOfCurve(curve), 0.01 * lengthOfCurve(curve));
  }
});

Deno.test("smoothing leaves few nodes, and none that turns less than the limit", () => {
  const curve = arc({ x: 500, y: 500 }, 400, 0, Math.PI / 2);
  const [{ line }] = traceFibers(scatteredPoints([curve], { seed: 1, noise: 1 }), { reach: REACH });
  assert(line.length >= 6 && line.length <= 2 + Math.PI / 2 / 0.1, `${line.length} nodes`);
});

Deno.test("a gap wider than the reach is not bridged by following, and a wider one not at all", () => {
  const curve = straight({ x: 0, y: 0 }, { x: 1000, y: 0 });
  const pieces = (gap: number) => {
    const keep = (t: number) => Math.abs(t - 0.5) > gap / 2000;
    return traceFibers(scatteredPoints([curve], { seed: 2, noise: 1, keep }), { reach: REACH })
      .length;
  };
  assertEquals([60, 90, 130, 180, 400].map(pieces), [1, 1, 1, 2, 2]);
});

Deno.test("random points give no fiber", () => {
  for (let seed = 0; seed < 20; seed++) {
    const stream = random(seed);
    const points = Array.from({ length: 80 }, () => {
      return { x: stream.between(0, 1024), y: stream.between(0, 1024) };
    });
    assertEquals(traceFibers(points, { reach: REACH }), []);
  }
});

Deno.test("false points among fibers change little", () => {
  for (let seed = 0; seed < 8; seed++) {
    const stream = random(seed, 1);
    const curve = sine({ x: 50, y: 500 }, 900, 700, 50);
    const strays = Array.from({ length: 60 }, () => {
      return { x: stream.between(0, 1024), y: stream.between(0, 1024), score: 0.5 };
    });
    const points = [...scatteredPoints([curve], { seed, noise: 1 }), ...strays];
    const fibers = traceFibers(points, { reach: REACH });
    assertEquals(fibers.length, 1);
    assert(matchOf(curve, fibers).apart < REACH / 4);
  }
});

/** Two to four scattered straight or bent fibers. */
const someScene = fc.record({ seed: fc.nat(1e6), count: fc.integer({ min: 2, max: 4 }) }).map(
  ({ seed, count }) => {
    const stream = random(seed, 77);
    const curves = Array.from({ length: count }, () => {
      const centre = { x: stream.between(0, 1000), y: stream.between(0, 1000) };
      const start = stream.between(0, 7);
      const radius = stream.between(300, 2000);
      return arc(centre, radius, start, start + 500 / radius);
    });
    return scatteredPoints(curves, { seed, noise: 1 });
  },
);

Deno.test("the order of the points does not matter", () => {
  fc.assert(
    fc.property(someScene, fc.nat(1e6), (points, seed) => {
      const fibers = traceFibers(points, { reach: REACH });
      assertEquals(traceFibers(random(seed).shuffle(points), { reach: REACH }), fibers);
    }),
    { seed: 6, numRuns: 60 },
  );
});

Deno.test("points without scores or with equal ones: the order does not matter either", () => {
  fc.assert(
    fc.property(someScene, fc.nat(1e6), (points, seed) => {
      const plain = points.map(({ x, y }) => ({ x: Math.round(x), y: Math.round(y) }));
      const fibers = traceFibers(plain, { reach: REACH });
      assertEquals(traceFibers(random(seed).shuffle(plain), { reach: REACH }), fibers);
    }),
    { seed: 7, numRuns: 60 },
  );
});

Deno.test("turned, moved and enlarged points give turned, moved and enlarged fibers", () => {
  const angles = fc.double({ min: 0, max: 2 * Math.PI, noNaN: true });
  const sizes = fc.double({ min: 0.2, max: 8, noNaN: true });
  fc.assert(
    fc.property(someScene, angles, sizes, (points, angle, size) => {
      const [c, s] = [size * Math.cos(angle), size * Math.sin(angle)];
      const move = <P extends { x: number; y: number }>({ x, y, ...rest }: P) => ({
        ...rest,
        x: 300 + c * x - s * y,
        y: -90 + s * x + c * y,
      });
      const fibers = traceFibers(points, { reach: REACH });
      const turned = traceFibers(points.map(move), { reach: size * REACH });
      assertEquals(turned.map(({ points }) => points), fibers.map(({ points }) => points));
      for (const [i, { length, score }] of turned.entries()) {
        assertAlmostEquals(length, size * fibers[i].length, 0.01 * length);
        assertAlmostEquals(score, fibers[i].score, 1e-9);
      }
    }),
    { seed: 8, numRuns: 60 },
  );
});

Deno.test("no points, one point and equal points give no fiber", () => {
  assertEquals(traceFibers([], { reach: REACH }), []);
  assertEquals(traceFibers([{ x: 1, y: 2 }], { reach: REACH }), []);
  assertEquals(traceFibers(Array.from({ length: 50 }, () => ({ x: 3, y: 4 })), { reach: 9 }), []);
});

Deno.test("a reach or limit that is not above 0 is refused", () => {
  for (const options of [{ reach: 0 }, { reach: NaN }, { reach: 9, maxTurn: -1 }]) {
    assertThrows(() => traceFibers([], options), EPickerError, "above 0");
  }
});

Deno.test("the reach is the paper's 100 pixels where the longer side has 1024", () => {
  assertEquals(reachIn({ width: 1024, height: 700 }), 100);
  assertEquals(reachIn({ width: 2048, height: 4096 }), 400);
});

Deno.test("points up to half a reach apart are traced where the step is taken from them", () => {
  for (const spacing of [9, 24, 30, 40]) {
    const curves = [straight(LEFT, RIGHT), straight({ x: 500, y: 100 }, { x: 520, y: 900 })];
    for (let seed = 0; seed < 8; seed++) {
      const points = scatteredPoints(curves, { seed, noise: 1, spacing });
      const fibers = traceFibers(points, looseTracing(REACH, points));
      assertEquals(fibers.length, 2, `${spacing} px apart, seed ${seed}`);
    }
  }
});

Deno.test("a wide fiber's points lie farther apart and beside its centre line", () => {
  for (const width of [12, 30, 60, 100]) {
    const curve = arc({ x: 500, y: 500 }, 400, 0, Math.PI / 2);
    for (let seed = 0; seed < 8; seed++) {
      const scatter = { seed, noise: Math.max(1, width / 20), spacing: Math.max(9, width / 2) };
      const points = scatteredPoints([curve], scatter);
      const fibers = traceDetected(points, { threshold: 0, reach: REACH, width });
      assertEquals(fibers.length, 1, `${width} px wide, seed ${seed}`);
      const { apart, beside } = matchOf(curve, fibers);
      assert(apart < 1.2 * Math.max(REACH / 4, width), `an end ${apart} px off, ${width} px wide`);
      assert(beside < Math.max(6, width / 6), `a node ${beside} px beside, ${width} px wide`);
    }
  }
});

Deno.test("a faint stretch within a fiber stays up to 1.5 reaches; a longer one, faint ends and a faint fiber are none", () => {
  const row = (y: number, isFaint: (x: number) => boolean) =>
    Array.from({ length: 81 }, (_, i) => 100 + 10 * i)
      .map((x) => ({ x, y, score: isFaint(x) ? 0.2 : 0.8 }));
  const lengthsOf = (isFaint: (x: number) => boolean) =>
    traceDetected(row(300, isFaint), { threshold: 0.4, reach: REACH, width: 12 })
      .map(({ length }) => Math.round(length));
  assertEquals(lengthsOf((x) => x > 400 && x < 550), [800]);
  assertEquals(lengthsOf((x) => x > 400 && x < 600), [300, 300]);
  assertEquals(lengthsOf((x) => x > 820), [720]);
  assertEquals(lengthsOf((x) => x > 500), [400]);
  assertEquals(lengthsOf((x) => x < 180 || x > 820), [640]);
  assertEquals(lengthsOf((x) => x < 300 || x > 600), [300]);
  assertEquals(lengthsOf(() => true), []);
});

Deno.test("points from a third of the threshold on lead a fiber round a bend, fainter ones do not", () => {
  const centre = { x: 500, y: 500 };
  const bend = arc(centre, 260, 0, 2.4); // 624 px; 300 to 430 of them are faint and turn by half a radian
  const lengthsWith = (faint: number) => {
    const points = scatteredPoints([bend], { seed: 3, noise: 0.5 }).map(({ x, y }) => {
      const along = 260 * Math.atan2(y - centre.y, x - centre.x);
      return { x, y, score: along > 300 && along < 430 ? faint : 0.8 };
    });
    return traceDetected(points, { threshold: 0.4, reach: REACH, width: 12 })
      .map(({ length }) => 10 * Math.round(length / 10));
  };
  assertEquals(lengthsWith(0.15), [620]);
  assertEquals(lengthsWith(0.12), [300, 190]);
});

Deno.test("eight fibers through one place: more often than not each goes on in itself", () => {
  const spokes = Array.from({ length: 8 }, (_, i) => {
    const [dx, dy] = [400 * Math.cos(Math.PI * i / 8), 400 * Math.sin(Math.PI * i / 8)];
    return straight({ x: 500 - dx, y: 500 - dy }, { x: 500 + dx, y: 500 + dy });
  });
  const right = Array.from({ length: 20 }, (_, seed) => {
    const points = scatteredPoints(spokes, { seed, noise: 1 });
    const fibers = traceFibers(points, { reach: REACH, sigma: 1.5 });
    if (fibers.length !== spokes.length) return false;
    return spokes.map((spoke) => matchOf(spoke, fibers)).every((m) => m.apart < 25 && m.beside < 6);
  });
  assert(right.filter(Boolean).length > 10); // 4 where a next point's own neighbours do not count
});

Deno.test("fibers come longest first", () => {
  const rows = [200, 700, 450].map((length, i) =>
    straight({ x: 100, y: 200 + 250 * i }, { x: 100 + length, y: 200 + 250 * i })
  );
  const fibers = traceFibers(scatteredPoints(rows, { seed: 1, noise: 1 }), { reach: REACH });
  assertEquals(fibers.map(({ length }) => 10 * Math.round(length / 10)), [700, 450, 200]);
});

Deno.test("strong points far apart at an end belong to the fiber, faint ones do not", () => {
  const lengthWith = (score: number) => {
    const dense = Array.from({ length: 41 }, (_, i) => ({ x: 100 + 10 * i, y: 300, score: 0.8 }));
    const end = [560, 620].map((x) => ({ x, y: 300, score }));
    const options = { threshold: 0.4, reach: REACH, width: 12 };
    return traceDetected([...dense, ...end], options).map(({ length }) => Math.round(length));
  };
  assertEquals(lengthWith(0.8), [520]);
  assertEquals(lengthWith(0.3), [400]);
});

Deno.test("faint points around a fiber do not lead it astray", () => {
  for (let seed = 0; seed < 8; seed++) {
    const stream = random(seed, 2);
    const curve = sine({ x: 50, y: 500 }, 900, 700, 50);
    const strong = scatteredPoints([curve], { seed, noise: 1 })
      .map((point) => ({ ...point, score: 0.8 }));
    const faint = Array.from({ length: 300 }, () => {
      return { x: stream.between(0, 1024), y: stream.between(0, 1024), score: 0.2 };
    });
    const options = { threshold: 0.4, reach: REACH, width: 12 };
    const fibers = traceDetected([...strong, ...faint], options);
    assertEquals(fibers.length, 1);
    assert(matchOf(curve, fibers).apart < REACH / 4);
  }
});

Deno.test("random detections give no fiber", () => {
  for (let seed = 0; seed < 20; seed++) {
    const stream = random(seed, 3);
    const points = Array.from({ length: 600 }, (_, i) => {
      const score = i < 60 ? 0.5 : 0.2;
      return { x: stream.between(0, 1024), y: stream.between(0, 1024), score };
    });
    assertEquals(traceDetected(points, { threshold: 0.4, reach: REACH, width: 12 }), []);
  }
});

Deno.test("an option that is undefined is its default", () => {
  const points = Array.from({ length: 30 }, (_, i) => ({ x: 10 * i, y: 40 }));
  const unset = { sigma: undefined, step: undefined, minPoints: undefined, smoothing: undefined };
  const fibers = traceFibers(points, { reach: 100, ...unset });
  assertEquals(fibers, traceFibers(points, { reach: 100 }));
  assertEquals(fibers.map(({ length }) => length), [290]);
});
