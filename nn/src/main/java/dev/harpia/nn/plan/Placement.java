package dev.harpia.nn.plan;

import dev.harpia.nn.plan.Graph.Step;
import dev.harpia.nn.plan.Graph.Value;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Slab;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where the values of a computation lie in a workspace: first fit among the gaps that values leave
 * after their last use. Views lie in what they view; operations that can write over their first
 * operand do so where it is not needed any more.
 */
final class Placement {
  /** A piece of the workspace that several values may share, one after the other or as views. */
  private static final class Block {
    final long offset;
    final long bytes;
    int users;

    Block(long offset, long bytes) {
      this.offset = offset;
      this.bytes = bytes;
    }
  }

  private record Place(Block block, long offset) {}

  private static final int PINNED = 1 << 30;

  private final Map<Value, Place> places = new IdentityHashMap<>();
  private final TreeMap<Long, Long> gaps = new TreeMap<>();
  private long top;
  private long separate;

  Placement(Graph graph) {
    Map<Value, Integer> uses = graph.uses();
    for (Value v : graph.inputs) {
      place(v, new Place(block(v.shape), 0), PINNED);
    }
    for (Value v : graph.outputs) {
      uses.merge(v, PINNED, Integer::sum);
    }
    for (Step s : graph.steps) {
      if (!s.constant()) {
        place(s, uses);
      }
    }
  }

  private void place(Step s, Map<Value, Integer> uses) {
    Place first = places.get(s.in[0]);
    for (int i = 0; i < s.out.length; i++) {
      Value v = s.out[i];
      int used = Math.max(1, uses.getOrDefault(v, 0));
      if (i == 0 && s.op.view() && first != null) {
        Shape[] shapes = new Shape[s.in.length];
        for (int k = 0; k < shapes.length; k++) {
          shapes[k] = s.in[k].shape;
        }
        place(v, new Place(first.block, first.offset + 4 * s.op.viewOffset(shapes)), used);
      } else if (i == 0 && s.op.inPlace() && first != null && overwritable(s, first)) {
        place(v, first, used);
      } else {
        place(v, new Place(block(v.shape), 0), used);
      }
    }
    for (Value v : s.in) {
      release(v, 1);
    }
    for (Value v : s.out) {
      if (!uses.containsKey(v)) {
        release(v, 1); // a result that nobody uses
      }
    }
  }

  /** Whether nothing else needs the first operand's memory, and it fits the result. */
  private boolean overwritable(Step s, Place first) {
    int here = 0;
    for (Value v : s.in) {
      Place p = places.get(v);
      here += p != null && p.block == first.block ? 1 : 0;
    }
    return first.block.users == 1
        && here == 1
        && first.offset == 0
        && s.in[0].shape.equals(s.out[0].shape);
  }

  private void place(Value v, Place p, int users) {
    places.put(v, p);
    p.block.users += users;
  }

  private void release(Value v, int n) {
    Place p = places.get(v);
    if (p == null) {
      return; // a constant
    }
    p.block.users -= n;
    if (p.block.users == 0) {
      free(p.block);
    }
  }

  private Block block(Shape shape) {
    long bytes = (Slab.room(shape) + Slab.ALIGNMENT - 1) & -Slab.ALIGNMENT;
    separate += bytes;
    for (Map.Entry<Long, Long> gap : gaps.entrySet()) {
      if (gap.getValue() >= bytes) {
        long at = gap.getKey();
        long size = gap.getValue();
        gaps.remove(at);
        if (size > bytes) {
          gaps.put(at + bytes, size - bytes);
        }
        return new Block(at, bytes);
      }
    }
    long at = top;
    top += bytes;
    return new Block(at, bytes);
  }

  private void free(Block b) {
    long at = b.offset;
    long size = b.bytes;
    Map.Entry<Long, Long> before = gaps.floorEntry(at);
    if (before != null && before.getKey() + before.getValue() == at) {
      gaps.remove(before.getKey());
      at = before.getKey();
      size += before.getValue();
    }
    Long after = gaps.remove(at + size);
    if (after != null) {
      size += after;
    }
    gaps.put(at, size);
  }

  /** Where a value lies; −1 for constants. */
  long offset(Value v) {
    Place p = places.get(v);
    return p == null ? -1 : p.block.offset + p.offset;
  }

  /** The bytes of a workspace. */
  long bytes() {
    return top;
  }

  /** What the values would take without sharing. */
  long separateBytes() {
    return separate;
  }
}
