import { type Crew, LANES } from "../backend/mod.ts";
import type { FoldedConvolution } from "./fold.ts";

/** A filter on a heap: where it lies, and the bias that is not packed with it. */
export interface PackedFilter {
  /** Byte offset of the filter. */
  filter: number;
  /** Byte offset of the bias. */
  bias: number;
  /** Output channels, filled up to a multiple of 8. */
  channels: number;
}

/** Filters begin at multiples of this many bytes. */
const ALIGNMENT = 64;

/** The filters of a network on a crew's heap, each in the forms that were asked for. */
export class PackedFilters {
  readonly #crew: Crew;
  readonly #folded: Map<string, FoldedConvolution>;
  readonly #packed = new Map<string, PackedFilter>();
  #end = ALIGNMENT;

  /** Packs nothing yet. */
  constructor(crew: Crew, folded: Map<string, FoldedConvolution>) {
    this.#crew = crew;
    this.#folded = folded;
  }

  /** Byte offset behind the filters; what lies there may be written over by {@linkcode take}. */
  get end(): number {
    return this.#end;
  }

  /**
   * The filter of a convolution by its name.
   *
   * @param cin Channels of its input, filled up.
   * @param isSpectrum Whether it is its spectrum, for Winograd's algorithm.
   */
  take(name: string, cin: number, isSpectrum: boolean): PackedFilter {
    const key = `${name} ${isSpectrum}`;
    let packed = this.#packed.get(key);
    if (packed === undefined) {
      packed = this.#pack(filledUp(this.#folded.get(name)!, cin), isSpectrum);
      this.#packed.set(key, packed);
    }
    return packed;
  }

  #pack({ shape, filter, bias }: FoldedConvolution, isSpectrum: boolean): PackedFilter {
    const [height, width, cin, channels] = shape;
    const { filterSpectrum, packFilter, spectrumBytes } = this.#crew.kernels;
    const taps = height * width * cin;
    const bytes = isSpectrum ? spectrumBytes(cin, channels) : 4 * taps * channels;
    const at = { filter: this.#end, bias: this.#end + bytes };
    const raw = at.bias + 4 * channels; // as it is, for the time of packing
    this.#crew.reserve(raw + 4 * filter.length);
    this.#crew.floats(at.bias, channels).set(bias);
    this.#crew.floats(raw, filter.length).set(filter);
    if (isSpectrum) filterSpectrum(raw, at.filter, cin, channels);
    else packFilter(raw, at.bias, at.filter, taps, channels);
    this.#end = Math.ceil(raw / ALIGNMENT) * ALIGNMENT;
    return { ...at, channels };
  }
}

/** A filter with channels of zeros behind its own: so many of input, and a multiple of 8 of output. */
function filledUp({ shape, filter, bias }: FoldedConvolution, cin: number): FoldedConvolution {
  const [height, width, ownCin, ownCout] = shape;
  const cout = Math.ceil(ownCout / LANES) * LANES;
  if (cin === ownCin && cout === ownCout) return { shape, filter, bias };
  const wide = new Float32Array(height * width * cin * cout);
  for (let row = 0; row < height * width * ownCin; row++) {
    const to = Math.floor(row / ownCin) * cin + row % ownCin;
    wide.set(filter.subarray(row * ownCout, (row + 1) * ownCout), to * cout);
  }
  const wideBias = new Float32Array(cout);
  wideBias.set(bias);
  return { shape: [height, width, cin, cout], filter: wide, bias: wideBias };
}
