/** Files: safetensors, npy, ONNX. */
@NullMarked
package dev.harpia.nn.io;

import org.jspecify.annotations.NullMarked;
