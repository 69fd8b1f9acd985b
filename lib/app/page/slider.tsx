/// <reference lib="dom" />
import type { ComponentChildren } from "preact";

/** A number that is set by hand, and a text that tells it. */
export interface SliderProps {
  /** Name by which others find it. */
  id?: string;
  /** What it sets, and to what. */
  children: ComponentChildren;
  /** Least value. */
  min: number;
  /** Most. */
  max: number;
  /** From one value to the next. */
  step: number;
  /** The value of now. */
  value: number;
  /** Whether it cannot be moved. */
  disabled?: boolean;
  /** Takes every value on the way. */
  onValue?: (value: number) => void;
  /** Takes the value at which the hand lets go. */
  onEnd?: (value: number) => void;
}

/** A slider below its text. */
export function Slider({ children, onValue, onEnd, ...input }: SliderProps) {
  return (
    <label class="wide">
      <span>{children}</span>
      <input
        type="range"
        {...input}
        onInput={({ currentTarget }) => onValue?.(Number(currentTarget.value))}
        onChange={({ currentTarget }) => onEnd?.(Number(currentTarget.value))}
      />
    </label>
  );
}
