package dev.harpia.nn.io.onnx;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads the name, type and dimensions of an input or output. */
final class ValueReader {
  private static final int MOST_AXES = 16;

  private final Fields in;
  private final List<String> dims = new ArrayList<>();
  private String name = "";
  private OnnxType type = OnnxType.OTHER;
  private boolean ranked;
  private String dim = "?";

  ValueReader(Fields in) {
    this.in = in;
  }

  OnnxInput read() throws IOException {
    in.nested(
        n -> {
          switch (n) {
            case 1 -> name = in.text();
            case 2 -> in.nested(this::kind);
            default -> in.skip();
          }
        });
    return new OnnxInput(name, type, dims, ranked);
  }

  private void kind(int number) throws IOException {
    if (number == 1) {
      in.nested(this::tensor);
    } else {
      in.skip(); // sequences, maps: the type stays OTHER
    }
  }

  private void tensor(int number) throws IOException {
    switch (number) {
      case 1 -> type = OnnxType.of(in.integer());
      case 2 -> {
        ranked = true;
        in.nested(this::shape);
      }
      default -> in.skip();
    }
  }

  private void shape(int number) throws IOException {
    if (number != 1) {
      in.skip();
      return;
    }
    dim = "?";
    in.nested(this::dimension);
    if (dims.size() == MOST_AXES) {
      throw in.fault("expected at most " + MOST_AXES + " dimensions");
    }
    dims.add(dim);
  }

  private void dimension(int number) throws IOException {
    switch (number) {
      case 1 -> {
        long n = in.integer();
        if (n > Integer.MAX_VALUE) {
          throw in.fault("expected a dimension up to 2^31 - 1, found " + n);
        }
        dim = n < 0 ? "?" : Long.toString(n);
      }
      case 2 -> {
        String text = in.text();
        dim = text.isEmpty() || Character.isDigit(text.charAt(0)) ? "?" + text : text;
      }
      default -> in.skip();
    }
  }
}
