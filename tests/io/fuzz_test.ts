import { assert } from "@std/assert";
import { encode } from "fast-png";
import { EPickerError, random } from "../../lib/core/mod.ts";
import { coordinateFormats, readMicrograph } from "../../lib/io/mod.ts";
import { gzip, mrcBytes, withFolder } from "./mrc_bytes.ts";

/** Changes, cuts or doubles a few bytes. */
function mutate(bytes: Uint8Array, seed: number): Uint8Array<ArrayBuffer> {
  const { integer } = random(7, seed);
  const mutant = bytes.slice();
  for (let n = integer(4); n >= 0; n--) mutant[integer(mutant.length)] = integer(256);
  if (seed % 5 === 0) return mutant.slice(0, integer(mutant.length));
  return seed % 7 === 0 ? new Uint8Array([...mutant, ...mutant.slice(integer(50))]) : mutant;
}

const image = { width: 5, height: 4, mode: 1, values: Array.from({ length: 20 }, (_, i) => i) };
const png = { width: 5, height: 4, channels: 1, depth: 8, data: new Uint8Array(20) } as const;
const IMAGES: Record<string, () => Uint8Array | Promise<Uint8Array>> = {
  "MRC": () => mrcBytes(image),
  "MRC header": () => mrcBytes({ ...image, values: [] }).slice(0, 240),
  "gzip": () => gzip(mrcBytes(image)),
  "PNG": () => encode(png),
};

for (const [what, make] of Object.entries(IMAGES)) {
  Deno.test(`readMicrograph() answers any damage to ${what} with an image or an EPickerError`, async () => {
    const whole = await make();
    await withFolder(async (folder) => {
      for (let seed = 0; seed < 200; seed++) {
        await Deno.writeFile(`${folder}/a.mrc`, mutate(whole, seed));
        try {
          const { width, height, pixels } = await readMicrograph(`${folder}/a.mrc`);
          assert(pixels.length === width * height && pixels.length > 0);
        } catch (error) {
          assert(error instanceof EPickerError, String(error));
        }
      }
    });
  });
}

const TEXTS: Record<string, string> = {
  star: "data_\n\nloop_\n_rlnCoordinateX #1\n_rlnCoordinateY #2\n_rlnHelicalTubeID #3\n1 2.5 1\n",
  box: "10\t20\t30\t30\t0.5\n1.5\t2\t30\t30\n",
  csv: "x,y,score,diameter,fiber\n1,2.5,0.5,30,1\n3,4,,,\n",
  json: '{"version":1,"micrograph":"a","width":9,"height":9,"threshold":0.1,' +
    '"candidates":[{"x":1,"y":2,"score":0.5}]}',
};

for (const format of coordinateFormats) {
  Deno.test(`${format.name} answers any damage with picks or an EPickerError`, () => {
    const whole = new TextEncoder().encode(TEXTS[format.name]);
    for (let seed = 0; seed < 500; seed++) {
      const text = new TextDecoder().decode(mutate(whole, seed));
      try {
        const picks = format.parse(text, { file: "a" });
        for (const { x, y } of picks) assert(Math.abs(x) <= 2e6 && Math.abs(y) <= 2e6);
      } catch (error) {
        assert(error instanceof EPickerError, String(error));
      }
    }
  });
}
