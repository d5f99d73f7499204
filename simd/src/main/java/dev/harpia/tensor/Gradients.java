package dev.harpia.tensor;

import dev.harpia.simd.Vectors;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reverse-mode differentiation of a scalar with respect to chosen tensors. Only operations that lie
 * between the two are visited, newest first, without recursion; nothing needs to be declared
 * beforehand.
 *
 * <pre>{@code
 * Tensor x = Tensor.scalar(3);
 * float slope = Gradients.of(x.square(), x).wrt(x).item(); // 6
 * }</pre>
 *
 * <p>The gradients belong to the open scope, or to the garbage collector where there is none.
 */
public final class Gradients {
  private final Map<Tensor, Slot> targets = new IdentityHashMap<>();

  private Gradients() {}

  /**
   * The gradients of {@code loss}, which must have one element, with respect to {@code targets}.
   */
  public static Gradients of(Tensor loss, Tensor... targets) {
    return of(loss, List.of(targets));
  }

  /**
   * The gradients of {@code loss}, which must have one element, with respect to {@code targets}.
   */
  public static Gradients of(Tensor loss, Collection<Tensor> targets) {
    loss.check("gradients");
    if (loss.size() != 1) {
      throw new ShapeException(
          "gradients",
          "the loss must be a single element; reduce it with sum() or mean()",
          loss.shape());
    }
    Gradients g = new Gradients();
    for (Tensor t : targets) {
      t.check("gradients");
      g.targets.put(t, new Slot());
    }
    new Pass(g.targets).run(loss);
    return g;
  }

  /** Whether the loss depends on {@code t}. */
  public boolean has(Tensor t) {
    return slot(t).gradient != null;
  }

  /**
   * The gradient with respect to {@code t}, in its shape; zeros where the loss does not depend on
   * it.
   */
  public Tensor wrt(Tensor t) {
    Slot slot = slot(t);
    if (slot.gradient == null) {
      slot.gradient = Tensor.zeros(t.shape());
    }
    return slot.gradient;
  }

  private Slot slot(Tensor t) {
    Slot slot = targets.get(t);
    if (slot == null) {
      throw new IllegalArgumentException(
          "gradients: tensor "
              + t.shape()
              + " is none of the targets; name it in Gradients.of(loss, targets…)");
    }
    return slot;
  }

  /** Holds the gradient of a target. */
  private static final class Slot {
    @Nullable Tensor gradient;
  }

  /** One walk from the loss to the targets. */
  private static final class Pass implements GradientSink {
    private final Map<Tensor, Slot> targets;
    private final GradientPool pool = ThreadMemory.current().gradients;
    private final IdentityHashMap<Storage, Integer> shares = new IdentityHashMap<>();
    private final IdentityHashMap<Storage, GradientPool.Block> blocks = new IdentityHashMap<>();
    private final List<Tensor> temporaries = new ArrayList<>();

    // the node being visited
    private Tensor[] inputs = {};
    private boolean[] wanted = {};
    private boolean[] accumulate = {};
    private @Nullable Tensor adoptable;

    Pass(Map<Tensor, Slot> targets) {
      this.targets = targets;
    }

    void run(Tensor loss) {
      List<Node> order = between(loss);
      Slot own = targets.get(loss);
      if (order.isEmpty() && own == null) {
        throw new IllegalStateException(
            loss.node() == null
                ? "gradients: the loss has no history; it was computed in Scope.inference(), or is"
                    + " a constant"
                : "gradients: the loss depends on none of the targets");
      }
      Tensor seed = fresh(Shape.SCALAR.equals(loss.shape()) ? Shape.SCALAR : loss.shape());
      Vectors.set(seed.address(), 1f);
      store(loss, seed);
      for (int i = order.size() - 1; i >= 0; i--) {
        visit(order.get(i));
      }
      keepTargets();
    }

    /** The nodes between the loss and the targets, oldest first. */
    private List<Node> between(Tensor loss) {
      List<Node> nodes = new ArrayList<>();
      ArrayDeque<Node> todo = new ArrayDeque<>();
      discover(loss.node(), todo, nodes);
      while (!todo.isEmpty()) {
        for (Tensor t : todo.pop().inputs()) {
          discover(t.node(), todo, nodes);
        }
      }
      nodes.sort(Comparator.comparingLong(Node::id));
      List<Node> needed = new ArrayList<>(nodes.size());
      for (Node n : nodes) {
        n.needed = n.op().differentiable() && leadsToTarget(n);
        if (n.needed) {
          if (n.stale()) {
            throw new IllegalStateException(
                n.op().name()
                    + ": an input was changed in place after the forward pass; compute the loss"
                    + " again after each optimizer step");
          }
          needed.add(n);
        }
      }
      return needed;
    }

    private void discover(@Nullable Node n, ArrayDeque<Node> todo, List<Node> nodes) {
      if (n != null && n.visitor != this) {
        n.visitor = this;
        n.gradients = Node.NO_GRADIENTS;
        nodes.add(n);
        todo.push(n);
      }
    }

    private boolean leadsToTarget(Node n) {
      for (Tensor t : n.inputs()) {
        Node from = t.node();
        if ((from != null && from.needed) || targets.containsKey(t)) {
          return true;
        }
      }
      return false;
    }

    private void visit(Node n) {
      @Nullable Tensor[] gOut = n.gradients;
      if (gOut.length == 0) {
        return;
      }
      inputs = n.inputs();
      wanted = new boolean[inputs.length];
      accumulate = new boolean[inputs.length];
      for (int i = 0; i < inputs.length; i++) {
        Node from = inputs[i].node();
        wanted[i] = (from != null && from.needed) || targets.containsKey(inputs[i]);
        accumulate[i] = wanted[i] && (stored(inputs[i]) != null || sameBefore(i));
      }
      adoptable = gOut.length == 1 ? gOut[0] : null;
      if (adoptable != null && targets.containsKey(n.outputs()[0])) {
        adoptable = null;
      }
      n.op().backward(inputs, n.outputs(), n.saved(), gOut, this);
      for (Tensor t : temporaries) {
        release(t);
      }
      temporaries.clear();
      for (int k = 0; k < gOut.length; k++) {
        Tensor g = gOut[k];
        if (g != null && !targets.containsKey(n.outputs()[k])) {
          release(g);
        }
      }
      n.gradients = Node.NO_GRADIENTS;
    }

    private boolean sameBefore(int i) {
      for (int j = 0; j < i; j++) {
        if (inputs[j] == inputs[i]) {
          return true;
        }
      }
      return false;
    }

    @Override
    public boolean wanted(int i) {
      return wanted[i];
    }

    @Override
    public boolean accumulate(int i) {
      return accumulate[i];
    }

    @Override
    public Tensor target(int i) {
      if (!wanted[i]) {
        throw new IllegalStateException("gradient of input " + i + " is not wanted");
      }
      Tensor g = stored(inputs[i]);
      if (g == null) {
        g = fresh(inputs[i].shape());
        store(inputs[i], g);
      }
      return g;
    }

    @Override
    public boolean adopt(int i) {
      Tensor g = adoptable;
      if (g == null
          || !wanted[i]
          || accumulate[i]
          || stored(inputs[i]) != null
          || g.size() != inputs[i].size()) {
        return false;
      }
      adoptable = null;
      shares.merge(g.storage(), 1, Integer::sum);
      store(inputs[i], g.shape().equals(inputs[i].shape()) ? g : g.viewAs(inputs[i].shape(), 0));
      return true;
    }

    @Override
    public Tensor temporary(Shape shape) {
      Tensor t = fresh(shape);
      temporaries.add(t);
      return t;
    }

    private @Nullable Tensor stored(Tensor input) {
      Node from = input.node();
      if (from != null && from.visitor == this) {
        return from.gradients.length == 0 ? null : from.gradients[input.output()];
      }
      Slot slot = targets.get(input);
      return slot == null ? null : slot.gradient;
    }

    private void store(Tensor input, Tensor g) {
      Slot slot = targets.get(input);
      if (slot != null) {
        slot.gradient = g;
      }
      Node from = input.node();
      if (from != null && from.visitor == this) {
        if (from.gradients.length == 0) {
          from.gradients = new Tensor[from.outputs().length];
        }
        from.gradients[input.output()] = g;
      }
    }

    private Tensor fresh(Shape shape) {
      GradientPool.Block block = pool.take(4 * shape.size());
      Storage s =
          new Storage(
              block.address(), 4 * shape.size(), block.memory(), ThreadMemory.currentScope(), true);
      if (Guard.ON) {
        Guard.arm(s.address + Storage.padded(s.bytes));
      }
      blocks.put(s, block);
      return new Tensor(shape, DType.F32, s, s.address);
    }

    private void release(Tensor t) {
      Storage s = t.storage();
      Integer shared = shares.get(s);
      if (shared != null && shared > 0) {
        shares.put(s, shared - 1);
        return;
      }
      s.verifyGuard("backward pass");
      GradientPool.Block block = blocks.remove(s);
      if (block != null) {
        pool.give(block);
      }
    }

    /**
     * Gradients of targets live as long as the open scope; where there is none they move to
     * collected memory.
     */
    private void keepTargets() {
      Scope scope = ThreadMemory.currentScope();
      for (Map.Entry<Tensor, Slot> e : targets.entrySet()) {
        Tensor g = e.getValue().gradient;
        if (g == null) {
          continue;
        }
        Storage s = g.storage();
        s.verifyGuard("backward pass");
        GradientPool.Block block = blocks.remove(s);
        if (block == null) {
          continue; // shares the memory of a target that was dealt with
        }
        if (scope != null) {
          scope.adopt(block);
        } else {
          e.getValue().gradient = g.copy();
          pool.give(block);
        }
      }
    }
  }
}
