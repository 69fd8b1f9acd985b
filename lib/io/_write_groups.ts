import { join, relative, resolve } from "@std/path";
import { type Pick, writeFileAtomic } from "../core/mod.ts";
import { formatCryosparcGroup } from "./_cryosparc_write.ts";
import type { FoundGroup } from "./_read_groups.ts";
import { formatCoordinateIndex } from "./_star_write.ts";
import type { MicrographPicks } from "./coordinate_format.ts";
import { checkPicks, formatOf, writeCoordinates } from "./coordinates.ts";

/** RELION's index of the STAR files of all micrographs. */
export const INDEX = "autopick.star";

/** What writing may be told. */
export interface WriteGroupsOptions {
  to: string;
  out: string;
  boxSize?: number;
  joint?: boolean;
}

/** One file that was written, or for a joint file the part of one micrograph. */
export interface ConvertedMicrograph {
  /** Base name of the result. */
  name: string;
  /** Path of the micrograph in `micrographs` where it is there, else its name in the file. */
  micrograph: string;
  /** Path of the written file. */
  path: string;
  /** Number of picks. */
  picks: number;
  /** Number of fibers that they lie on, where they lie on fibers. */
  fibers?: number;
  /** Sentences about what is doubtful in the micrograph, such as its pixel size. */
  warnings?: string[];
}

/** Writes groups, and at the end what is about all of them. */
export interface GroupWriter {
  /** Writes the picks of a micrograph, or keeps them for the joint file. */
  write(group: FoundGroup, picks: Pick[]): Promise<ConvertedMicrograph>;
  /** Writes the joint file, or the index of STAR files. */
  finish(): Promise<void>;
}

/** Makes a writer of one file for each micrograph, or of one about all. */
export function groupWriter({ to, out, boxSize, joint }: WriteGroupsOptions): GroupWriter {
  const { extensions: [extension], formatJoint } = formatOf("to", to);
  const file = join(out, `particles${extension}`);
  const all: MicrographPicks[] = [];
  const index: { micrograph: string; coordinatesPath: string }[] = [];

  async function writeOne(
    { name, micrograph, width, height, pixelSizeA, boxSize: recorded }: FoundGroup,
    picks: Pick[],
  ) {
    if (joint) {
      const part = { image: { name: micrograph, width, height, pixelSizeA }, picks };
      formatJoint!([part], { file }); // throws what would spoil the whole
      all.push(part);
      return file;
    }
    const path = join(out, name + extension);
    const isSized = width !== undefined && height !== undefined;
    const image = isSized ? { name, width, height, pixelSizeA } : undefined;
    await writeCoordinates(path, picks, { format: to, boxSize: boxSize ?? recorded, image });
    index.push({ micrograph, coordinatesPath: fromHere(path) });
    return path;
  }

  return {
    async write(group, picks) {
      checkPicks(picks, group.file);
      const { name, micrograph, warnings } = group;
      const fibers = new Set(picks.flatMap(({ fiber }) => fiber ?? [])).size;
      return {
        ...{ name, micrograph, picks: picks.length },
        fibers: fibers > 0 ? fibers : undefined,
        warnings: warnings.length > 0 ? warnings : undefined,
        path: await writeOne(group, picks),
      };
    },
    async finish() {
      if (joint) {
        await writeFileAtomic(file, formatJoint!(all, { file }));
        if (to === "cs") { // cryoSPARC imports the group that names it
          const group = formatCryosparcGroup(all, file, new Date());
          await writeFileAtomic(join(out, "particles.csg"), group);
        }
      } else if (to.startsWith("star")) {
        await writeFileAtomic(join(out, INDEX), formatCoordinateIndex(index));
      }
    },
  };
}

/** A path from the working folder, as RELION wants it; absolute where it lies outside. */
function fromHere(path: string): string {
  const here = relative(resolve("."), resolve(path));
  return here.startsWith("..") ? resolve(path) : here;
}
