/**
 * What picking takes of TensorFlow.js in a browser: no layers, no converter, no WebGL, no gradients.
 *
 * @module
 */
import "npm:@tensorflow/tfjs-backend-cpu@4.22.0";
export * from "npm:@tensorflow/tfjs-core@4.22.0";
