/** What the command line does with models from ONNX files. */
@NullMarked
package dev.harpia.models.onnx;

import org.jspecify.annotations.NullMarked;
