import { assert, assertEquals, assertRejects } from "@std/assert";
import { join, toFileUrl } from "@std/path";
import {
  decodeSafetensors,
  encodeSafetensors,
  initialWeights,
  layoutOf,
  type Model,
  type NetworkConfig,
  readModel,
  type Safetensors,
  writeModel,
} from "../../lib/centernet/mod.ts";
import { EPickerError, random } from "../../lib/core/mod.ts";

const CONFIG: NetworkConfig = { width: 0.125, headWidth: 8, size: true };

function someModel(config = CONFIG): Model {
  return {
    config,
    weights: initialWeights(layoutOf(config), 5),
    mode: "particle",
    preprocess: "1",
    threshold: 0.35,
    diameter: 41.5,
    notes: { trained: "10028, seed 5", note: 'Å "quoted"' },
  };
}

/** A test in a folder of its own with a model in it. */
function withModel(name: string, test: (path: string, model: Model) => Promise<void>): void {
  Deno.test(name, async () => {
    const folder = await Deno.makeTempDir();
    try {
      const path = join(folder, "a.safetensors");
      const model = someModel();
      await writeModel(path, model);
      await test(path, model);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

/** Writes the model's file again with its content changed. */
async function change(path: string, edit: (file: Safetensors) => Safetensors): Promise<void> {
  const file = decodeSafetensors(await Deno.readFile(path), path);
  await Deno.writeFile(path, encodeSafetensors(edit(file)));
}

async function assertRefused(path: string, found: string): Promise<void> {
  const error = await assertRejects(() => readModel(path), EPickerError);
  assertEquals(error.code, "bad-model");
  assert(error.message.startsWith(`${path}: found ${found}`), error.message);
}

withModel("a model comes back as it was written, by path and by URL", async (path, model) => {
  assertEquals(await readModel(path), { model, extra: [] });
  assertEquals((await readModel(toFileUrl(path))).model, model);
});

withModel(
  "the mode is written where it is not particle, and absent means particle",
  async (path, model) => {
    const modeIn = async () => decodeSafetensors(await Deno.readFile(path), path).metadata.mode;
    assertEquals(await modeIn(), undefined);
    for (const mode of ["vesicle", "fiber"] as const) {
      await writeModel(path, { ...model, mode });
      assertEquals(await modeIn(), mode);
      assertEquals((await readModel(path)).model.mode, mode);
    }
  },
);

withModel(
  "the calibration comes back where there is one, and only numbers pass",
  async (path, model) => {
    const calibration = { slope: 0.71, shift: -1 / 3 };
    await writeModel(path, { ...model, calibration });
    assertEquals((await readModel(path)).model, { ...model, calibration });
    for (
      const text of ["", "1", '{"slope":1}', '{"slope":-1,"shift":0}', '{"slope":1,"shift":"a"}']
    ) {
      await change(path, (file) => ({
        ...file,
        metadata: { ...file.metadata, calibration: text },
      }));
      await assertRefused(path, `the calibration ${text}`);
    }
  },
);

withModel("models with other heads and further arrays come back too", async (path) => {
  const model = someModel({ width: 0.25, headWidth: 16, size: false });
  const extra = [
    { name: "state.step", shape: [], data: Float32Array.of(900) },
    { name: "state.mean", shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) },
  ];
  await writeModel(path, model, { extra });
  assertEquals(await readModel(path), { model, extra });
});

withModel("a model file lists every array under its name and shape", async (path, model) => {
  const { arrays } = decodeSafetensors(await Deno.readFile(path), path);
  const { parameters, statistics } = layoutOf(CONFIG);
  assertEquals(
    arrays.map(({ name, shape }) => ({ name, shape })),
    [...parameters, ...statistics].map(({ name, shape }) => ({ name, shape })),
  );
  const stem = arrays.find(({ name }) => name === "stem.weight")!;
  assertEquals(stem.shape, [7, 7, 1, 8]);
  assertEquals(stem.data, model.weights.parameters.slice(0, 7 * 7 * 8));
});

withModel("filters are written as float16 where asked, all else is kept", async (path, model) => {
  const whole = (await Deno.stat(path)).size;
  const extra = [{ name: "state.mean", shape: [2, 2], data: Float32Array.of(1, 2, 3, 1 / 3) }];
  await writeModel(path, model, { extra, half: true });
  assert((await Deno.stat(path)).size < 0.6 * whole);
  const { parameters, statistics } = model.weights;
  const expected = parameters.slice();
  for (const { shape, offset, length } of layoutOf(CONFIG).parameters) {
    if (shape.length !== 4) continue; // no filter
    expected.set(Float16Array.from(parameters.subarray(offset, offset + length)), offset);
  }
  assert(expected.some((value, i) => value !== parameters[i]));
  const weights = { parameters: expected, statistics };
  assertEquals(await readModel(path), { model: { ...model, weights }, extra });
});

withModel("a filter beyond float16 is refused by name, and the file stays", async (path, model) => {
  const before = await Deno.readFile(path);
  const parameters = model.weights.parameters.slice();
  parameters[3] = -65520; // the least that rounds to infinity
  const weights = { ...model.weights, parameters };
  const error = await assertRejects(
    () => writeModel(path, { ...model, weights }, { half: true }),
    EPickerError,
    'found -65520 in array "stem.weight"; expected numbers of at most 65504',
  );
  assertEquals(error.code, "bad-model");
  assertEquals(await Deno.readFile(path), before);
});

withModel("arrays of another architecture are refused by name and shape", async (path) => {
  const metadata = { config: JSON.stringify({ ...CONFIG, width: 0.25 }) };
  await change(path, (file) => ({ ...file, metadata: { ...file.metadata, ...metadata } }));
  await assertRefused(path, 'no array "level2.project.weight"');
  const wider = { config: JSON.stringify({ ...CONFIG, headWidth: 16 }) };
  await change(path, (file) => ({ ...file, metadata: { ...file.metadata, ...wider } }));
  await assertRefused(path, 'array "heat.hidden.weight" of shape [3,3,8,8]');
});

withModel("a threshold or a diameter out of its range is refused", async (path) => {
  const wrong = {
    threshold: ["-0.1", "1.01", "NaN", "", "half"],
    diameter: ["0", "-3", "5000", "Infinity", ""],
  };
  for (const [name, texts] of Object.entries(wrong)) {
    for (const text of texts) {
      await change(path, (file) => ({
        ...file,
        metadata: { ...file.metadata, threshold: "0.5", diameter: "24", [name]: text },
      }));
      await assertRefused(path, `the ${name} "${text}"`);
    }
  }
});

withModel("a missing array is refused by name", async (path) => {
  await change(path, ({ arrays, metadata }) => ({ arrays: arrays.slice(0, -1), metadata }));
  const last = layoutOf(CONFIG).statistics.at(-1)!.name;
  await assertRefused(path, `no array "${last}"`);
});

for (const value of [NaN, Infinity, -Infinity]) {
  withModel(`a weight of ${value} is refused`, async (path) => {
    await change(path, (file) => {
      file.arrays[7].data[3] = value;
      return file;
    });
    const { name } = layoutOf(CONFIG).parameters[7];
    await assertRefused(path, `values in "${name}" that are not finite`);
  });
}

const BAD_METADATA: [part: string, value: string, found: string][] = [
  ["format", "another", 'the format mark "another"'],
  ["config", "{", "the architecture {"],
  ["config", "null", "the architecture null"],
  ["config", "{}", "the architecture {}"],
  ["config", '{"width":9,"headWidth":8,"size":true}', "the architecture {"],
  ["config", '{"width":-1,"headWidth":8,"size":true}', "the architecture {"],
  ["config", '{"width":0.125,"headWidth":1e9,"size":true}', "the architecture {"],
  ["mode", "disc", 'the mode "disc"'],
  ["threshold", "high", 'the threshold "high"'],
  ["diameter", "NaN", 'the diameter "NaN"'],
  ["notes", "{", "the notes {"],
];

for (const [part, value, found] of BAD_METADATA) {
  withModel(`a model whose ${part} is ${value} is refused`, async (path) => {
    await change(path, (file) => ({ ...file, metadata: { ...file.metadata, [part]: value } }));
    await assertRefused(path, found);
  });
}

withModel("a file that is no model, or is not there, is refused", async (path) => {
  await Deno.writeTextFile(path, "not a model, but some text that is long enough");
  await assertRefused(path, "a header of");
  await Deno.writeFile(path, encodeSafetensors({ arrays: [], metadata: {} }));
  await assertRefused(path, 'the format mark ""');
  const missing = await assertRejects(() => readModel(`${path}.no`), EPickerError);
  assertEquals(missing.code, "missing-file");
});

withModel(
  "a file cut anywhere or with changed bytes is refused or read, never a crash",
  async (path, model) => {
    const original = await Deno.readFile(path);
    for (let seed = 0; seed < 60; seed++) {
      const stream = random(seed, 3);
      const bytes = seed % 2
        ? original.slice(0, stream.integer(original.length))
        : original.slice();
      const header = 8 + Number(new DataView(original.buffer).getBigUint64(0, true));
      if (seed % 2 === 0) bytes[stream.integer(header)] = stream.integer(256);
      await Deno.writeFile(path, bytes);
      const result = await readModel(path).catch((error: unknown) => error);
      if (result instanceof Error) {
        assert(result instanceof EPickerError && result.code === "bad-model", `${seed}: ${result}`);
      } else {
        const { weights } = (result as { model: Model }).model;
        assertEquals(weights.parameters.length, model.weights.parameters.length);
      }
    }
  },
);
