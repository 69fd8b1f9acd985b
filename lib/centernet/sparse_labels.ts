import * as tf from "@tensorflow/tfjs";

/** How cells without a label are taken where only some objects are labelled. */
export interface SparseRule {
  /** r₁: an unlabelled peak above this probability is taken for a label. */
  promote: number;
  /** r₂: an unlabelled cell above this probability is likely to be an object. */
  likely: number;
  /** Factor on the penalty of an unlabelled cell. */
  penalty: number;
  /** Factor on the penalty of a likely one. */
  likelyPenalty: number;
}

/**
 * The paper's r₁ and r₂ (Zhang et al., Nat. Commun. 2022), and penalties of this project.
 *
 * An object whose label is missing is pulled up by the labelled share c of its like, and pushed down
 * by the penalty on the rest. At p = ½ both halves of the focal loss are equally steep, so that it
 * passes r₂ = ½ where penalty < c / (1 − c), one label in eleven, and is then hardly held back; the
 * rest of the penalty lets background that got there be unlearned. The original multiplied every
 * penalty by 0.01 and dropped its factor p²; on crowded noisy micrographs that promotes background.
 */
export const SPARSE_RULE: SparseRule = {
  promote: 0.7,
  likely: 0.5,
  penalty: 0.1,
  likelyPenalty: 0.03,
};

/** What is known about the cells, [n, h, w, 1] or a shape that fits. */
export interface KnownCells {
  /** Gaussians of the labelled objects. */
  heat: tf.Tensor;
  /** 1 for images in which only some objects are labelled, else 0. */
  sparse: tf.Tensor;
  /** 1 where nothing is known, else 0. */
  ignored?: tf.Tensor;
}

/** What the sparse rule makes of every cell, [n, h, w, 1]; constants, without a gradient. */
export interface SparseMaps {
  /** 1 where a peak is taken for a label, else 0. */
  promoted: tf.Tensor4D;
  /** Factor on the penalty of every cell. */
  factor: tf.Tensor4D;
}

/**
 * Applies the sparse rule to the probabilities that a network gives.
 *
 * It looks at cells beyond the Gaussians of all labels; within them, where much is known, in regions
 * of which nothing is known, and in images whose labels are complete nothing changes.
 */
export function sparseMaps(
  probability: tf.Tensor4D,
  known: KnownCells,
  rule: SparseRule = SPARSE_RULE,
): SparseMaps {
  const constant = tf.customGrad(() => ({
    value: tf.tidy(() => drawMaps(probability, known, rule)),
    gradFunc: () => tf.zerosLike(probability),
  }));
  const [promoted, factor] = tf.split(constant(probability), 2, 3) as tf.Tensor4D[];
  return { promoted, factor };
}

/** Both maps as channels. */
function drawMaps(
  p: tf.Tensor4D,
  { heat, sparse, ignored = tf.scalar(0) }: KnownCells,
  { promote, likely, penalty, likelyPenalty }: SparseRule,
): tf.Tensor {
  const bare = tf.mul(tf.cast(tf.equal(heat, 0), "float32"), tf.sub(1, ignored));
  const open = tf.mul(bare, sparse);
  const peak = tf.equal(p, tf.maxPool(p, 3, 1, "same"));
  const sure = tf.cast(tf.logicalAnd(peak, tf.greater(p, promote)), "float32");
  const isLikely = tf.cast(tf.greater(p, likely), "float32");
  const promoted = tf.mul(open, sure);
  const lowered = tf.add(penalty, tf.mul(likelyPenalty - penalty, isLikely));
  const factor = tf.add(tf.mul(open, lowered), tf.sub(1, open));
  return tf.concat([promoted, tf.mul(factor, tf.sub(1, promoted))], 3);
}
