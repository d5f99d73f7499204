package dev.harpia.nn.io.onnx;

import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Loops whose number of turns is known now, unrolled. */
final class Loops {
  private static final int MOST_TURNS = 100_000;

  private Loops() {}

  static void register(Operators.Registry r) {
    r.add("Loop", Loops::loop);
    r.add("Scan", Loops::scan);
  }

  private static Value[] loop(Call c) {
    OnnxGraph body = c.graph("body");
    long most = c.has(0) ? c.value(0).longs()[0] : Long.MAX_VALUE;
    boolean go = !c.has(1) || c.value(1).longs()[0] != 0;
    List<Value> state = new ArrayList<>();
    for (int i = 2; i < c.in().size(); i++) {
      state.add(c.value(i));
    }
    int carried = state.size();
    int scanned = body.outputs().size() - 1 - carried;
    if (scanned < 0 || body.inputs().size() != carried + 2) {
      throw new IllegalArgumentException(
          "a body of " + body.inputs().size() + " inputs for " + carried + " values");
    }
    List<List<Value>> scans = lists(scanned);
    for (long turn = 0; turn < most && go; turn++) {
      if (turn >= MOST_TURNS) {
        throw c.unsupported("more than " + MOST_TURNS + " turns");
      }
      Map<String, Value> in = new LinkedHashMap<>();
      in.put(name(body, 0), Value.ofLongs(new long[] {turn}, Shape.SCALAR, OnnxType.INT64));
      in.put(name(body, 1), Value.ofLongs(new long[] {1}, Shape.SCALAR, OnnxType.BOOL));
      for (int i = 0; i < carried; i++) {
        in.put(name(body, i + 2), state.get(i));
      }
      Value[] out = c.run(body, in);
      go = out[0].longs()[0] != 0;
      for (int i = 0; i < carried; i++) {
        state.set(i, out[i + 1]);
      }
      for (int i = 0; i < scanned; i++) {
        scans.get(i).add(out[1 + carried + i]);
      }
    }
    List<Value> results = new ArrayList<>(state);
    for (int i = 0; i < scanned; i++) {
      results.add(stack(c, scans.get(i), body.outputs().get(1 + carried + i), 0));
    }
    return results.toArray(Value[]::new);
  }

  private static List<List<Value>> lists(int n) {
    List<List<Value>> all = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      all.add(new ArrayList<>());
    }
    return all;
  }

  private static String name(OnnxGraph body, int i) {
    return body.inputs().get(i).name();
  }

  /** Values of all turns along a new axis. */
  private static Value stack(Call c, List<Value> parts, OnnxInput as, int axis) {
    if (parts.isEmpty()) {
      if (!as.fixed()) {
        throw c.unsupported("no turns, and an output of unknown shape");
      }
      Shape none = Shape.of(as.sizes()).insert(axis, 0);
      return Value.of(Tensor.zeros(none, as.type().inside()).copy(), as.type());
    }
    OnnxType type = parts.getFirst().type();
    Shape shape = parts.getFirst().shape();
    if (axis == 0 && parts.stream().allMatch(Value::knownIntegers)) {
      long[] all = parts.stream().flatMapToLong(v -> Arrays.stream(v.longs())).toArray();
      return Value.ofLongs(all, shape.insert(0, parts.size()), type);
    }
    Tensor[] t = parts.stream().map(v -> v.tensor().unsqueeze(axis)).toArray(Tensor[]::new);
    Value v = Value.of(t.length == 1 ? t[0] : Tensor.concat(axis, t), type);
    if (parts.stream().anyMatch(Value::dynamic)) {
      v.derived();
    }
    return v;
  }

  /** From operator set 9 on; before that it had batches. */
  private static Value[] scan(Call c) {
    boolean batched = c.opset() < 9;
    if (batched && c.has(0)) {
      throw c.unsupported("sequence lengths, in operator set 8");
    }
    OnnxGraph body = c.graph("body");
    int first = batched ? 1 : 0;
    int scanned = c.small("num_scan_inputs", 1);
    int carried = c.in().size() - first - scanned;
    int outputs = body.outputs().size() - carried;
    if (carried < 0 || outputs < 0 || body.inputs().size() != carried + scanned) {
      throw new IllegalArgumentException("a body of other inputs than its node has");
    }
    int batches = batched ? c.shape(first + carried).dim(0) : 1;
    List<List<Value>> results = lists(carried + outputs);
    for (int b = 0; b < batches; b++) {
      List<Value> in = new ArrayList<>();
      for (int i = first; i < c.in().size(); i++) {
        in.add(batched ? part(c.value(i), 0, b) : c.value(i));
      }
      List<Value> out = scan(c, body, in, carried, outputs);
      for (int i = 0; i < out.size(); i++) {
        results.get(i).add(out.get(i));
      }
    }
    Value[] all = new Value[results.size()];
    for (int i = 0; i < all.length; i++) {
      OnnxInput as = body.outputs().get(i);
      all[i] = batched ? stack(c, results.get(i), as, 0) : results.get(i).getFirst();
    }
    return all;
  }

  private static List<Value> scan(
      Call c, OnnxGraph body, List<Value> in, int carried, int outputs) {
    int scanned = in.size() - carried;
    long[] axes = c.integers("scan_input_axes", new long[scanned]);
    long[] directions = c.integers("scan_input_directions", new long[scanned]);
    long[] outAxes = c.integers("scan_output_axes", new long[outputs]);
    long[] outDirections = c.integers("scan_output_directions", new long[outputs]);
    Shape model = in.get(carried).shape();
    int turns = model.dim(Call.axis(axes[0], model.rank()));
    if (turns > MOST_TURNS) {
      throw c.unsupported("more than " + MOST_TURNS + " turns");
    }
    List<Value> state = new ArrayList<>(in.subList(0, carried));
    List<List<Value>> scans = lists(outputs);
    for (int turn = 0; turn < turns; turn++) {
      Map<String, Value> given = new LinkedHashMap<>();
      for (int i = 0; i < carried; i++) {
        given.put(name(body, i), state.get(i));
      }
      for (int i = 0; i < scanned; i++) {
        Value v = in.get(carried + i);
        int at = directions[i] == 1 ? turns - 1 - turn : turn;
        given.put(name(body, carried + i), part(v, Call.axis(axes[i], v.shape().rank()), at));
      }
      Value[] out = c.run(body, given);
      for (int i = 0; i < carried; i++) {
        state.set(i, out[i]);
      }
      for (int i = 0; i < outputs; i++) {
        scans.get(i).add(outDirections[i] == 1 ? 0 : turn, out[carried + i]);
      }
    }
    List<Value> results = new ArrayList<>(state);
    for (int i = 0; i < outputs; i++) {
      List<Value> parts = scans.get(i);
      int rank = parts.isEmpty() ? 1 : parts.getFirst().shape().rank() + 1;
      OnnxInput as = body.outputs().get(carried + i);
      results.add(stack(c, parts, as, Call.axis(outAxes[i], rank)));
    }
    return results;
  }

  private static Value part(Value v, int axis, int at) {
    Value part = Value.of(v.tensor().select(axis, at), v.type());
    if (v.dynamic()) {
      part.derived();
    }
    return part;
  }
}
