package dev.harpia.simd;

import dev.harpia.tensor.Expr;
import dev.harpia.tensor.ExprKind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Cuts an expression that is too large for one loop into stages: each computes the largest part
 * that fits into a temporary, the last one the outputs. Loops of more than about 2,500 bytecodes
 * compile late, slowly or into code that spills.
 */
final class Splitter {
  private final KernelSpec spec;
  private final int inputs;
  private final List<SplitKernel.Stage> stages = new ArrayList<>();
  private List<Expr> rest;

  private Splitter(KernelSpec spec) {
    this.spec = spec;
    this.inputs = spec.inputs();
    this.rest = spec.outputs();
  }

  static Kernel split(KernelSpec spec) {
    Splitter s = new Splitter(spec);
    while (cost(s.rest) > KernelCompiler.MOST_OPERATIONS) {
      s.cut();
    }
    s.stage(s.rest, spec.mode());
    return new SplitKernel(spec, List.copyOf(s.stages));
  }

  private static int cost(List<Expr> expressions) {
    return Lowering.lower(expressions, false).operations();
  }

  /** Moves the most expensive part that fits into a loop of its own. */
  private void cut() {
    Expr best = rest.getFirst();
    int most = 0;
    for (Expr e : nodes(rest)) {
      int cost = e.kind().arity() == 0 ? 0 : cost(List.of(e));
      boolean fits = cost <= KernelCompiler.MOST_OPERATIONS;
      if (fits && cost > most && operands(List.of(e)).size() < Kernel.ADDRESSES) {
        best = e;
        most = cost;
      }
    }
    if (most == 0) {
      throw new IllegalArgumentException(
          "kernel "
              + spec.name()
              + ": too many operations for one loop and too many inputs to split it: compile its"
              + " parts as kernels of their own");
    }
    Map<Expr, Expr> replacement = new IdentityHashMap<>();
    replacement.put(best, Expr.x(inputs + stages.size()));
    stage(List.of(best), KernelSpec.Mode.OVERWRITE);
    rest = rest.stream().map(e -> e.replace(replacement)).toList();
  }

  /** Adds a stage; its inputs are renumbered from 0. */
  private void stage(List<Expr> expressions, KernelSpec.Mode mode) {
    List<Integer> sources = new ArrayList<>(operands(expressions));
    Map<Expr, Expr> renumbered = new IdentityHashMap<>();
    for (Expr e : nodes(expressions)) {
      if (e.kind() == ExprKind.INPUT) {
        renumbered.put(e, Expr.x(sources.indexOf(e.index())));
      } else if (e.kind() == ExprKind.INT_INPUT) {
        renumbered.put(e, Expr.xi(sources.indexOf(e.index())));
      }
    }
    int mask = 0;
    for (int i = 0; i < sources.size(); i++) {
      mask |= (spec.broadcast() >> sources.get(i) & 1) << i;
    }
    List<Expr> own = expressions.stream().map(e -> e.replace(renumbered)).toList();
    String name = spec.name() + "_part" + stages.size();
    Kernel kernel = KernelCompiler.compile(new KernelSpec(name, own, mask, mode));
    stages.add(
        new SplitKernel.Stage(kernel, sources.stream().mapToInt(Integer::intValue).toArray()));
  }

  /** The numbers of the inputs, temporaries included, in ascending order. */
  private static Set<Integer> operands(List<Expr> expressions) {
    Set<Integer> numbers = new TreeSet<>();
    for (Expr e : nodes(expressions)) {
      if (e.kind() == ExprKind.INPUT || e.kind() == ExprKind.INT_INPUT) {
        numbers.add(e.index());
      }
    }
    return numbers;
  }

  private static Set<Expr> nodes(List<Expr> roots) {
    Set<Expr> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Expr> open = new ArrayDeque<>(roots);
    while (!open.isEmpty()) {
      Expr e = open.pop();
      if (seen.add(e)) {
        for (int i = 0; i < e.kind().arity(); i++) {
          open.push(e.arg(i));
        }
      }
    }
    return seen;
  }
}
