package dev.harpia.simd;

import dev.harpia.simd.Graph.Node;
import dev.harpia.simd.Graph.Opcode;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Writes a kernel's method: constants before the loop, then one loop with all loads before the
 * stores.
 */
final class LoopEmitter {
  // locals of Kernel.run: address i is local 2i + 1
  private static final int BYTES = 17;
  private static final int FIRST_INDEX = 19;
  private static final int SEED = 21;
  private static final int PARAMETERS = 23;

  private final CodeBuilder c;
  private final VectorCode code;
  private final KernelSpec spec;
  private final List<Node> nodes;
  private final List<Integer> results;
  private final int[] local;
  private final int offset;
  private int iota = -1;

  LoopEmitter(CodeBuilder c, KernelSpec spec, Lowering.Code lowered) {
    this.c = c;
    this.code = new VectorCode(c);
    this.spec = spec;
    this.nodes = lowered.nodes();
    this.results = lowered.results();
    this.local = new int[nodes.size()];
    this.offset = c.allocateLocal(TypeKind.LONG);
    Arrays.fill(local, -1);
  }

  void emit() {
    invariants();
    int unroll = spec.mode() == KernelSpec.Mode.SUM4 ? 4 : 1;
    boolean sums = unroll == 4 || spec.mode() == KernelSpec.Mode.SUM;
    int[][] sum = sums ? accumulators(unroll) : new int[0][];
    Label head = c.newLabel();
    Label exit = c.newLabel();
    c.lconst_0().lstore(offset);
    c.labelBinding(head).lload(offset).lload(BYTES).lcmp().ifge(exit);
    for (int u = 0; u < unroll; u++) {
      int[] value = body(u * Vectors.BYTES);
      for (int i = 0; i < value.length; i++) {
        if (sums) {
          c.aload(sum[u][i]).aload(value[i]);
          code.floats("add", 1);
          c.astore(sum[u][i]);
        } else {
          c.aload(value[i]);
          code.store(2 * i + 1, offset);
        }
      }
    }
    c.lload(offset).loadConstant((long) unroll * Vectors.BYTES).ladd().lstore(offset);
    c.goto_(head).labelBinding(exit);
    if (sums) {
      storeSums(sum);
    }
    c.return_();
  }

  /**
   * Everything that no iteration changes, in locals before the loop. Left to itself C2 sometimes
   * moves such an operation out of the loop in a form that boxes a vector per iteration.
   */
  private void invariants() {
    for (int id = 0; id < nodes.size(); id++) {
      Node n = nodes.get(id);
      if (n.op() == Opcode.INDEX) {
        code.iota();
        iota = c.allocateLocal(TypeKind.REFERENCE);
        c.astore(iota);
      }
      boolean leaf = n.op().invariant() || fixed(n);
      if (leaf || settled(n)) {
        if (leaf) {
          invariant(n);
        } else {
          instruction(n, local, 0);
        }
        local[id] = c.allocateLocal(TypeKind.REFERENCE);
        c.astore(local[id]);
      }
    }
  }

  /** Whether the node reads an input that is one element for the whole loop. */
  private boolean fixed(Node n) {
    int input = n.imm() - results.size();
    boolean load = n.op() == Opcode.LOAD || n.op() == Opcode.LOAD_INT;
    return load && input >= 0 && (spec.broadcast() >> input & 1) != 0;
  }

  /** Whether the node's operands, of which it has some, are all computed before the loop. */
  private boolean settled(Node n) {
    return n.op().type != Graph.Type.MASK
        && n.a() >= 0
        && local[n.a()] >= 0
        && (n.b() < 0 || local[n.b()] >= 0)
        && (n.c() < 0 || local[n.c()] >= 0);
  }

  private void invariant(Node n) {
    switch (n.op()) {
      case PARAMETER -> code.broadcast(() -> c.fload(PARAMETERS + n.imm()));
      case CONSTANT -> code.broadcast(() -> c.loadConstant(Float.intBitsToFloat(n.imm())));
      case INT_CONSTANT -> code.broadcastInt(() -> c.loadConstant(n.imm()));
      case KEY_LOW -> code.broadcastInt(() -> code.key(SEED, n.imm(), 0));
      case KEY_HIGH -> code.broadcastInt(() -> code.key(SEED, n.imm(), 32));
      case LOAD -> code.broadcast(() -> code.scalar(2 * n.imm() + 1));
      case LOAD_INT -> code.broadcast(() -> code.scalarInt(2 * n.imm() + 1));
      default -> throw new IllegalStateException(n.op().name());
    }
  }

  /**
   * One iteration's arithmetic at a constant distance from the loop's offset; returns the results'
   * locals.
   */
  private int[] body(int distance) {
    int[] slot = local.clone();
    for (int id = 0; id < nodes.size(); id++) {
      if (slot[id] < 0) {
        instruction(nodes.get(id), slot, distance);
        slot[id] = c.allocateLocal(TypeKind.REFERENCE);
        c.astore(slot[id]);
      }
    }
    return results.stream().mapToInt(r -> slot[r]).toArray();
  }

  private void instruction(Node n, int[] slot, int distance) {
    int operands = 0;
    for (int operand : new int[] {n.a(), n.b(), n.c()}) {
      if (operand >= 0 && !(n.op().type == Graph.Type.MASK)) {
        c.aload(slot[operand]);
        operands++;
      }
    }
    switch (n.op()) {
      case LOAD -> code.load(2 * n.imm() + 1, offset, distance);
      case LOAD_INT -> code.loadInt(2 * n.imm() + 1, offset, distance);
      case INDEX -> code.index(iota, FIRST_INDEX, offset, distance);
      case ADD, SUB, MUL, DIV, FMA, NEG, ABS, SQRT ->
          code.floats(n.op().name().toLowerCase(Locale.ROOT), operands - 1);
      case BLEND -> code.blend();
      case LT, LE, EQ, NE -> {
        c.aload(slot[n.a()]);
        code.compare(n.op().name(), slot[n.b()]);
      }
      case BITS -> code.bits();
      case FROM_BITS -> code.fromBits();
      case INT_ADD -> code.ints("add");
      case INT_SUB -> code.ints("sub");
      case INT_MUL -> code.ints("mul");
      case AND -> code.ints("and");
      case OR -> code.ints("or");
      case XOR -> code.xor(c.allocateLocal(TypeKind.REFERENCE));
      case SHIFT_LEFT -> code.shift("LSHL", n.imm());
      case SHIFT_RIGHT -> code.shift("ASHR", n.imm());
      case SHIFT_RIGHT_UNSIGNED -> code.shift("LSHR", n.imm());
      default -> throw new IllegalStateException(n.op().name());
    }
  }

  private int[][] accumulators(int unroll) {
    int[][] sum = new int[unroll][results.size()];
    for (int[] row : sum) {
      for (int i = 0; i < row.length; i++) {
        code.zero();
        row[i] = c.allocateLocal(TypeKind.REFERENCE);
        c.astore(row[i]);
      }
    }
    return sum;
  }

  /** (s0 + s1) + (s2 + s3), stored at each output's address. */
  private void storeSums(int[][] sum) {
    c.lconst_0().lstore(offset);
    for (int i = 0; i < results.size(); i++) {
      c.aload(sum[0][i]);
      if (sum.length == 4) {
        c.aload(sum[1][i]);
        code.floats("add", 1);
        c.aload(sum[2][i]).aload(sum[3][i]);
        code.floats("add", 1);
        code.floats("add", 1);
      }
      code.store(2 * i + 1, offset);
    }
  }
}
