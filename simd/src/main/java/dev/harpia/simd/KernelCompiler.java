package dev.harpia.simd;

import dev.harpia.tensor.Expr;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Compiles expressions into hidden classes with one flat vector loop each. Expressions that lower
 * to the same instructions share a class. Thread-safe.
 */
public final class KernelCompiler {
  /** Beyond this many operations an expression is computed in several loops, block by block. */
  static final int MOST_OPERATIONS = 150;

  private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
  private static final MethodType CONSTRUCTOR =
      MethodType.methodType(void.class, KernelSpec.class, int.class);
  private static final Map<Key, Kernel> CACHE = new HashMap<>();
  private static final List<Kernel> COMPILED = new ArrayList<>();

  /** out = x0. */
  static final Kernel COPY = compile("copy", Expr.x(0));

  /** Two specifications of one key are the same machine code. */
  private record Key(
      List<Graph.Node> nodes, List<Integer> results, int broadcast, KernelSpec.Mode mode) {}

  private KernelCompiler() {}

  /**
   * The kernel that stores the expressions in its outputs, in order.
   *
   * @param name what profilers show, of letters, digits and underscores; no part of the identity
   */
  public static Kernel compile(String name, Expr... outputs) {
    return compile(new KernelSpec(name, List.of(outputs), 0, KernelSpec.Mode.OVERWRITE));
  }

  static Kernel compile(KernelSpec spec) {
    Lowering.Code code = Lowering.lower(spec.outputs(), spec.mode() == KernelSpec.Mode.ACCUMULATE);
    Key key = new Key(code.nodes(), code.results(), spec.broadcast(), spec.mode());
    synchronized (CACHE) {
      Kernel known = CACHE.get(key);
      if (known == null) {
        int added = spec.mode() == KernelSpec.Mode.ACCUMULATE ? spec.outputs().size() : 0;
        boolean large = code.operations() - added > MOST_OPERATIONS;
        known = large ? Splitter.split(spec) : define(spec, code);
        CACHE.put(key, known);
        COMPILED.add(known);
      }
      return known;
    }
  }

  /** All kernels compiled so far, oldest first. */
  public static List<Kernel> compiled() {
    synchronized (CACHE) {
      return List.copyOf(COMPILED);
    }
  }

  private static Kernel define(KernelSpec spec, Lowering.Code code) {
    byte[] bytes = ClassEmitter.emit(spec, code);
    try {
      MethodHandles.Lookup type = LOOKUP.defineHiddenClass(bytes, true);
      return (Kernel)
          type.findConstructor(type.lookupClass(), CONSTRUCTOR).invoke(spec, code.operations());
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("kernel " + spec.fullName() + ": cannot define its class", e);
    }
  }
}
