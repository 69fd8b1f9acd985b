/// <reference lib="dom" />
import { useEffect, useRef, useState } from "preact/hooks";
import { getPicture, type Picture } from "./api.ts";

/** By how much greys lie further apart than they are sent. */
const CONTRAST = 2;

/** The power spectrum of a micrograph beside its picture: Thon rings tell of defocus and astigmatism. */
export function Spectrum({ name, onProblem }: { name: string; onProblem(text: string): void }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [edge, setEdge] = useState("");
  useEffect(() => {
    const abort = new AbortController();
    getPicture(name, { spectrum: true, signal: abort.signal }).then((picture) => {
      draw(canvas.current!, picture);
      const { pixelSizeA } = picture;
      setEdge(pixelSizeA === undefined ? "2 px" : `${(2 * pixelSizeA).toPrecision(3)} Å`);
    }).catch((error) => {
      if (!abort.signal.aborted) onProblem(error.message);
    });
    return () => abort.abort();
  }, [name]);
  return (
    <figure class="spectrum">
      <canvas
        ref={canvas}
        width="1"
        height="1"
        role="img"
        aria-label={`power spectrum of ${name}`}
      />
      <figcaption>power spectrum, to {edge}</figcaption>
    </figure>
  );
}

function draw(canvas: HTMLCanvasElement, { width, height, pixels }: Picture): void {
  const image = new ImageData(width, height);
  pixels.forEach((grey, i) => {
    const value = 128 + CONTRAST * (grey - 128);
    image.data.set([value, value, value, 255], 4 * i);
  });
  Object.assign(canvas, { width, height });
  canvas.getContext("2d")!.putImageData(image, 0, 0);
}
