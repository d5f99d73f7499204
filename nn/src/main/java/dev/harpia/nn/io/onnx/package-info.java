/**
 * Models in the ONNX format: read as untrusted input, and compiled to plans. The field numbers are
 * those of the format's published schema.
 */
@NullMarked
package dev.harpia.nn.io.onnx;

import org.jspecify.annotations.NullMarked;
