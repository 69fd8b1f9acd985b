import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { layoutOf } from "../../lib/centernet/mod.ts";
import { readFile } from "../../lib/core/mod.ts";
import { encodeOnnx, writeOnnx } from "../../lib/onnx/mod.ts";
import { formulaModel, TINY } from "./_model.ts";

type Field = { field: number; value: number | Uint8Array };

/** The fields of a protobuf message, read without a schema. */
function fieldsOf(bytes: Uint8Array): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let place = 1;; place *= 128) {
      const byte = bytes[at++];
      value += (byte & 127) * place;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    assert([0, 2].includes(tag & 7), "wire types of integers and bytes");
    const number = varint();
    const value = (tag & 7) === 0 ? number : bytes.subarray(at, at += number);
    fields.push({ field: tag >> 3, value });
  }
  return fields;
}

function all(bytes: Uint8Array, field: number): Uint8Array[] {
  return fieldsOf(bytes).filter((one) => one.field === field).map(({ value }) =>
    value as Uint8Array
  );
}

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const texts = (bytes: Uint8Array, field: number) => all(bytes, field).map(text);

// Numbers of the fields from onnx.proto3.
const [GRAPH, OPSETS, METADATA] = [7, 8, 14];
const [NODES, INITIALIZERS, INPUTS, OUTPUTS] = [1, 5, 11, 12];

Deno.test("the same model gives the same bytes, and writing keeps them", async () => {
  const bytes = encodeOnnx(formulaModel(TINY));
  assertEquals(encodeOnnx(formulaModel(TINY)), bytes);
  const path = await Deno.makeTempFile({ suffix: ".onnx" });
  await writeOnnx(path, formulaModel(TINY));
  assertEquals(await readFile(path), Uint8Array.from(bytes));
  await Deno.remove(path);
});

function metadataIn(file: Uint8Array): Record<string, string> {
  const props = all(file, METADATA);
  return Object.fromEntries(props.map((one) => [texts(one, 1)[0], texts(one, 2)[0]]));
}

Deno.test("the metadata tell name, threshold, diameter, preprocessing and normalisation", () => {
  assertEquals(metadataIn(encodeOnnx(formulaModel(TINY))), {
    name: "formula",
    config: JSON.stringify(TINY),
    preprocess: "1",
    threshold: "0.31",
    diameter: "21.5",
    mean: "0.5",
    std: "0.2887",
    notes: '{"name":"formula","datasets":"β-galactosidase"}',
  });
});

Deno.test("the description tells how the image is made of a micrograph", () => {
  const DESCRIPTION = 6;
  const seen = (preprocess: string) =>
    texts(encodeOnnx({ ...formulaModel(TINY), preprocess }), DESCRIPTION)[0];
  assertStringIncludes(seen("1"), "1024 pixels along the longer side, equalised");
  assertStringIncludes(seen("particle-1"), "a particle is 40 pixels wide");
});

Deno.test("a model of the view `particle` carries its view, its mode and its calibration", () => {
  const calibration = { slope: 1.5, shift: -0.25 };
  const particle = { preprocess: "particle-1", mode: "vesicle", calibration } as const;
  const metadata = metadataIn(encodeOnnx({ ...formulaModel(TINY), ...particle }));
  assertEquals(metadata.preprocess, "particle-1");
  assertEquals(metadata.mode, "vesicle");
  assertEquals(JSON.parse(metadata.calibration), calibration);
});

Deno.test("the file says IR version 7 and operators of version 13", () => {
  const bytes = encodeOnnx(formulaModel(TINY));
  assertEquals(fieldsOf(bytes)[0], { field: 1, value: 7 });
  assertEquals(fieldsOf(all(bytes, OPSETS)[0]).at(-1), { field: 2, value: 13 });
});

Deno.test("every value is made once, before it is used, and inputs and outputs are explained", () => {
  for (const size of [true, false]) {
    const [graph] = all(encodeOnnx(formulaModel({ ...TINY, size })), GRAPH);
    const [inputs, outputs] = [INPUTS, OUTPUTS].map((field) => all(graph, field));
    const named = (values: Uint8Array[]) => values.map((value) => texts(value, 1)[0]);
    assertEquals(named(inputs), ["image"]);
    const expected = ["score", "peaks", "offset", ...(size ? ["size"] : [])];
    assertEquals(named(outputs), expected);
    for (const value of [...inputs, ...outputs]) assert(texts(value, 3)[0].length > 10);
    const constants = all(graph, INITIALIZERS).map((tensor) => texts(tensor, 8)[0]);
    const known = new Set([...named(inputs), ...constants, ""]);
    assertEquals(known.size, constants.length + 2);
    for (const node of all(graph, NODES)) {
      for (const input of texts(node, 1)) assert(known.has(input), input);
      const [output] = texts(node, 2);
      assert(!known.has(output), output);
      known.add(output);
    }
    for (const output of named(outputs)) assert(known.has(output));
  }
});

Deno.test("every convolution has its filter and its bias, and nothing else is stored", () => {
  const [graph] = all(encodeOnnx(formulaModel(TINY)), GRAPH);
  const constants = all(graph, INITIALIZERS).map((tensor) => texts(tensor, 8)[0]);
  const filters = layoutOf(TINY).parameters.map(({ name }) => name)
    .filter((name) => name.endsWith(".weight"));
  const expected = filters.flatMap((name) => [name, name.replace(/weight$/, "bias")]);
  assertEquals(constants.sort(), [...expected, "twice", "zero"].sort());
});
