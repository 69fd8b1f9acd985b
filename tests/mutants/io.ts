import type { Mutant } from "../_mutants.ts";
import { slips } from "./_slips.ts";

export const IO: Mutant[] = [
  ...slips("lib/io/box.ts", ["tests/io/coordinates_test.ts"], [
    ["corners of boxes are centres", '"corner x") + width / 2', '"corner x")'],
    ["boxes are written as centres", "Math.round(y - size / 2)", "Math.round(y)"],
  ]),
  ...slips("lib/io/star.ts", ["tests/io/star_test.ts", "tests/io/coordinates_test.ts"], [
    [
      "x and y of STAR swapped",
      "x: number(row, STAR.x), y: number(row, STAR.y)",
      "x: number(row, STAR.y), y: number(row, STAR.x)",
    ],
    ["an unknown score is a score", ") pick.score = score;", "); pick.score = score;"],
    ["a helix of each row", "1 + (i >> 1)", "1 + i"],
  ]),
  ...slips("lib/io/_star_offsets.ts", ["tests/io/star_test.ts"], [
    ["RELION 3.0's offsets are taken for Å", "x: pixelSizeA * number(row, x)", "x: number(row, x)"],
  ]),
  ...slips("lib/io/_star_write.ts", ["tests/io/star_test.ts", "tests/io/coordinates_test.ts"], [
    [
      "rows of STAR begin with y",
      "[x.toFixed(2), y.toFixed(2), String(classNumber)",
      "[y.toFixed(2), x.toFixed(2), String(classNumber)",
    ],
    [
      "track lengths are not Å",
      "priors[i].track * image.pixelSizeA",
      "priors[i].track",
    ],
  ]),
  ...slips("lib/io/mrc.ts", ["tests/io/mrc_test.ts"], [
    ["frames add up", "if (frames > 1) divide(pixels, frames);", ""],
    ["the extended header is read as pixels", "  await skip(source, header.extendedBytes);\n", ""],
    ["4-bit samples: high half first", "4 * (x & 1)", "4 * (1 - (x & 1))"],
    [
      "big-endian samples as they are",
      "if (!littleEndian) swapBytes",
      "if (littleEndian && false) swapBytes",
    ],
  ]),
  ...slips("lib/io/_mrc_header.ts", ["tests/io/mrc_test.ts"], [
    [
      "bytes of mode 0 are always unsigned",
      "return min >= 0 && max > 127 && max <= 255;",
      "return true;",
    ],
    [
      "width and height swapped",
      "[int(0), int(4), int(8), int(92)]",
      "[int(4), int(0), int(8), int(92)]",
    ],
  ]),
  ...slips("lib/io/_mrc_pixel_size.ts", ["tests/io/mrc_test.ts"], [
    ["the pixel size is the cell", "cell.x / sampling.x", "cell.x"],
  ]),
  ...slips("lib/io/tiff.ts", ["tests/io/tiff_test.ts"], [
    ["TIFF rows are not turned", "(height - 1 - piece.top - y)", "(piece.top + y)"],
  ]),
  ...slips("lib/io/_tiff_predictor.ts", ["tests/io/tiff_test.ts"], [
    ["differences are not added up", "if (predictor === 2)", "if (predictor === 5)"],
    ["floating-point differences are not undone", "if (predictor === 3)", "if (predictor === 5)"],
  ]),
  ...slips("lib/io/_tiff_unpack.ts", ["tests/io/tiff_test.ts"], [
    ["LZW codes widen one too late", "next >= 511 ? 10", "next >= 512 ? 10"],
    [
      "PackBits repeats one too few",
      "(code < 0 ? -code : code) + 1, target",
      "(code < 0 ? -code : code + 1), target",
    ],
  ]),
  ...slips("lib/io/_tiff_layout.ts", ["tests/io/tiff_test.ts"], [
    ["inches are centimetres", "2: 2.54e8, 3: 1e8", "2: 1e8, 3: 1e8"],
  ]),
  ...slips("lib/io/cryosparc.ts", ["tests/io/cryosparc_test.ts"], [
    [
      "cryoSPARC's y from the top",
      "(1 - number(CS.y, row)) * height",
      "number(CS.y, row) * height",
    ],
    ["cryoSPARC's classes from 0", "? first + 1", "? first"],
  ]),
  ...slips("lib/io/_cryosparc_write.ts", ["tests/io/cryosparc_test.ts"], [
    [
      "cryoSPARC's shape is width, height",
      "view.setUint32(at, particles[i].image.height, true);\n        view.setUint32(at + 4, particles[i].image.width, true);",
      "view.setUint32(at, particles[i].image.width, true);\n        view.setUint32(at + 4, particles[i].image.height, true);",
    ],
  ]),
  ...slips("lib/io/dataset.ts", ["tests/io/dataset_test.ts"], [
    [
      "every part of a split is all of it",
      "dataset.entries.filter(({ name }) => names.has(name))",
      "dataset.entries",
    ],
    ["a micrograph may be in train and test", "if (both.length > 0) {", "if (both.length > 1e9) {"],
    ["a split names what is not there", "names.filter((name) => part.has(name))", "[...part]"],
  ]),
  ...slips("lib/io/_helix_priors.ts", ["tests/io/star_test.ts"], [
    ["psi counts against the clock", "psi: -angle * 180", "psi: angle * 180"],
    ["track lengths begin anew at every segment", "track += Math.hypot", "track = Math.hypot"],
  ]),
  ...slips("lib/io/transform_picks.ts", ["tests/io/convert_test.ts"], [
    ["flipped picks lie a row off", "height - 1 - pick.y", "height - pick.y"],
    ["averaged picks lie half a pixel off", "averaged ? (scale - 1) / 2 : 0", "0"],
    ["cropped picks lie half a pixel off", "averaged ? (scale - 1) / 2 : 0", "(scale - 1) / 2"],
    ["refined offsets are added", "pick.x - offsetsA[i].x", "pick.x + offsetsA[i].x"],
  ]),
  ...slips("lib/io/cbox.ts", ["tests/io/coordinate_formats_test.ts"], [
    [
      "crYOLO's corners are centres",
      'number(row, "_CoordinateY") + height / 2',
      'number(row, "_CoordinateY")',
    ],
    ["crYOLO's estimated sizes are not read", "estimates.length === 2", "false"],
  ]),
];
