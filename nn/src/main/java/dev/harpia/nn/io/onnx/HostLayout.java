package dev.harpia.nn.io.onnx;

import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Rearranges 64-bit integers that are known now. The operator runs on the elements' numbers instead
 * of the elements, so that each layout is written once.
 */
final class HostLayout {
  private static final int MOST = 1 << 20;

  private HostLayout() {}

  static boolean applies(Operators.Entry entry, Call c) {
    if (entry.layout() == 0) {
      return false;
    }
    long n = 0;
    for (int i = 0; i < c.in().size() && i < entry.layout(); i++) {
      if (!c.has(i) || !c.value(i).knownIntegers()) {
        return false;
      }
      n += c.shape(i).size();
    }
    return n <= MOST;
  }

  static Value[] run(Operators.Entry entry, Call c) {
    Numbers all = new Numbers();
    all.add(0); // what fills gaps stands for itself
    List<Optional<Value>> in = new ArrayList<>(c.in());
    for (int i = 0; i < in.size() && i < entry.layout(); i++) {
      long[] v = c.value(i).longs();
      float[] places = new float[v.length];
      for (int k = 0; k < v.length; k++) {
        places[k] = all.size();
        all.add(v[k]);
      }
      Shape shape = c.shape(i);
      in.set(i, Optional.of(Value.of(Tensor.of(places, shape), OnnxType.FLOAT)));
    }
    OnnxType type = c.value(0).type();
    Value[] out = entry.run(c.with(in));
    for (int i = 0; i < out.length; i++) {
      float[] places = out[i].tensor().toArray();
      long[] v = new long[places.length];
      for (int k = 0; k < v.length; k++) {
        v[k] = all.get((int) places[k]);
      }
      out[i] = Value.ofLongs(v, out[i].shape(), type);
    }
    return out;
  }
}
