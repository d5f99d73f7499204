package dev.harpia.tensor;

import dev.harpia.simd.Vectors;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One walk from the loss to the targets. The object is kept for the thread's next pass, so that a
 * training step need not make its lists anew.
 */
final class BackwardPass implements GradientSink {
  /** Marks the nodes that one walk has found. */
  static final class Walk {}

  private static final Comparator<Node> AGE = Comparator.comparingLong(Node::id);
  private static final TargetTable NONE = new TargetTable(0);

  private final List<Node> found = new ArrayList<>();
  private final List<Node> order = new ArrayList<>();
  private final ArrayDeque<Node> todo = new ArrayDeque<>();
  private final List<Tensor> temporaries = new ArrayList<>();

  /** Arrays for the gradients of operations with one output. */
  private final List<@Nullable Tensor[]> singles = new ArrayList<>();

  // of the current pass
  private TargetTable targets = NONE;
  private GradientPool pool;
  private Walk walk = new Walk();

  // of the node being visited
  private Tensor[] inputs = {};
  private boolean[] wanted = {};
  private boolean[] accumulate = {};
  private @Nullable Tensor adoptable;

  private BackwardPass(GradientPool pool) {
    this.pool = pool;
  }

  /** Sets the gradients of all targets that the loss depends on. */
  static void run(Tensor loss, TargetTable targets) {
    ThreadMemory m = ThreadMemory.current();
    BackwardPass free = m.pass;
    BackwardPass pass = free == null ? new BackwardPass(m.gradients) : free;
    m.pass = null; // a pass within a pass, as recomputation makes it, needs one of its own
    pass.targets = targets;
    pass.pool = m.gradients;
    pass.walk = new Walk();
    pass.run(loss);
    pass.clear();
    m.pass = pass;
  }

  private void clear() {
    found.clear();
    order.clear();
    targets = NONE;
    inputs = Tensor.NO_TENSORS;
    adoptable = null;
  }

  private void run(Tensor loss) {
    findOrder(loss);
    if (order.isEmpty() && targets.find(loss) < 0) {
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
  private void findOrder(Tensor loss) {
    discover(loss.node());
    while (!todo.isEmpty()) {
      for (Tensor t : todo.pop().inputs()) {
        discover(t.node());
      }
    }
    found.sort(AGE);
    for (Node n : found) {
      n.needed = n.op().differentiable() && leadsToTarget(n);
      if (n.needed) {
        if (n.stale()) {
          throw new IllegalStateException(
              n.op().name()
                  + ": an input was changed in place after the forward pass; compute the loss"
                  + " again after each optimizer step");
        }
        order.add(n);
      }
    }
  }

  private void discover(@Nullable Node n) {
    if (n != null && n.visitor != walk) {
      n.visitor = walk;
      n.gradients = Node.NO_GRADIENTS;
      found.add(n);
      todo.push(n);
    }
  }

  private boolean leadsToTarget(Node n) {
    for (Tensor t : n.inputs()) {
      Node from = t.node();
      if ((from != null && from.needed) || targets.find(t) >= 0) {
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
    if (wanted.length < inputs.length) {
      wanted = new boolean[inputs.length];
      accumulate = new boolean[inputs.length];
    }
    for (int i = 0; i < wanted.length; i++) {
      Node from = i < inputs.length ? inputs[i].node() : null;
      wanted[i] =
          i < inputs.length && ((from != null && from.needed) || targets.find(inputs[i]) >= 0);
      accumulate[i] = wanted[i] && (stored(inputs[i]) != null || sameBefore(i));
    }
    adoptable = gOut.length == 1 ? gOut[0] : null;
    if (adoptable != null && targets.find(n.outputs()[0]) >= 0) {
      adoptable = null;
    }
    n.op().backward(inputs, n.outputs(), n.saved(), gOut, this);
    for (int i = 0; i < temporaries.size(); i++) {
      release(temporaries.get(i));
    }
    temporaries.clear();
    for (int k = 0; k < gOut.length; k++) {
      Tensor g = gOut[k];
      if (g != null && targets.find(n.outputs()[k]) < 0) {
        release(g);
      }
    }
    n.gradients = Node.NO_GRADIENTS;
    if (gOut.length == 1) {
      gOut[0] = null;
      singles.add(gOut);
    }
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
    g.storage().shares++;
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
    if (from != null && from.visitor == walk) {
      return from.gradients.length == 0 ? null : from.gradients[input.output()];
    }
    int place = targets.find(input);
    return place < 0 ? null : targets.get(place);
  }

  private void store(Tensor input, Tensor g) {
    int place = targets.find(input);
    if (place >= 0) {
      targets.set(place, g);
    }
    Node from = input.node();
    if (from != null && from.visitor == walk) {
      if (from.gradients.length == 0) {
        int n = from.outputs().length;
        from.gradients = n == 1 && !singles.isEmpty() ? singles.removeLast() : new Tensor[n];
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
    s.block = block;
    return new Tensor(shape, DType.F32, s, s.address);
  }

  private void release(Tensor t) {
    Storage s = t.storage();
    if (s.shares > 0) {
      s.shares--;
      return;
    }
    s.verifyGuard("backward pass");
    GradientPool.Block block = s.block;
    if (block != null) {
      s.block = null;
      pool.give(block);
    }
  }

  /**
   * Gradients of targets live as long as the open scope; where there is none they move to collected
   * memory.
   */
  private void keepTargets() {
    Scope scope = ThreadMemory.currentScope();
    for (int i = 0; i < targets.places(); i++) {
      Tensor g = targets.get(i);
      if (g == null) {
        continue;
      }
      Storage s = g.storage();
      s.verifyGuard("backward pass");
      GradientPool.Block block = s.block;
      if (block == null) {
        continue; // shares the memory of a target that was dealt with
      }
      s.block = null;
      if (scope != null) {
        scope.adopt(block);
      } else {
        targets.set(i, g.copy());
        pool.give(block);
      }
    }
  }
}
