package dev.harpia.simd;

import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.harpia.simd.Graph.Node;
import dev.harpia.simd.Graph.Opcode;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Writes a kernel's class: constants before the loop, then one loop with all loads before the stores. */
final class ClassEmitter {
  private static final ClassDesc KERNEL = ClassDesc.of("dev.harpia.simd.Kernel");
  private static final ClassDesc SPEC = ClassDesc.of("dev.harpia.simd.KernelSpec");
  private static final MethodTypeDesc CONSTRUCTOR = MethodTypeDesc.of(CD_void, SPEC, CD_int);
  private static final MethodTypeDesc RUN =
      MethodTypeDesc.of(CD_void, Collections.nCopies(11, CD_long))
          .insertParameterTypes(11, Collections.nCopies(8, CD_float).toArray(new ClassDesc[0]));
  private static final int BYTES = 17;
  private static final int FIRST_INDEX = 19;
  private static final int SEED = 21;
  private static final int PARAMETERS = 23;

  private final KernelSpec spec;
  private final List<Node> nodes;
  private final List<Integer> results;
  private final int[] local;
  private VectorCode code;
  private int offset;
  private int iota = -1;

  ClassEmitter(KernelSpec spec, Lowering.Code lowered) {
    this.spec = spec;
    this.nodes = lowered.nodes();
    this.results = lowered.results();
    this.local = new int[nodes.size()];
  }

  byte[] emit() {
    ClassDesc self = ClassDesc.of("dev.harpia.simd." + spec.fullName());
    return ClassFile.of()
        .build(
            self,
            b ->
                b.withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SUPER)
                    .withSuperclass(KERNEL)
                    .withMethodBody("<init>", CONSTRUCTOR, 0, ClassEmitter::constructor)
                    .withMethodBody("run", RUN, ClassFile.ACC_PUBLIC, this::run));
  }

  private static void constructor(CodeBuilder c) {
    c.aload(0).aload(1).iload(2).invokespecial(KERNEL, "<init>", CONSTRUCTOR).return_();
  }

  private void run(CodeBuilder c) {
    code = new VectorCode(c);
    Arrays.fill(local, -1);
    invariants(c);
    int unroll = spec.mode() == KernelSpec.Mode.SUM4 ? 4 : 1;
    boolean sums = unroll == 4 || spec.mode() == KernelSpec.Mode.SUM;
    int[][] sum = sums ? accumulators(c, unroll) : new int[0][];
    offset = c.allocateLocal(TypeKind.LONG);
    Label head = c.newLabel();
    Label exit = c.newLabel();
    c.lconst_0().lstore(offset);
    c.labelBinding(head).lload(offset).lload(BYTES).lcmp().ifge(exit);
    for (int u = 0; u < unroll; u++) {
      int[] value = body(c, u * Vectors.BYTES);
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
      storeSums(c, sum);
    }
    c.return_();
  }

  /** Everything that no iteration changes, in locals before the loop. */
  private void invariants(CodeBuilder c) {
    for (int id = 0; id < nodes.size(); id++) {
      Node n = nodes.get(id);
      boolean scalar = n.op() == Opcode.LOAD || n.op() == Opcode.LOAD_INT;
      if (scalar && n.imm() >= results.size()) {
        scalar = (spec.broadcast() >> (n.imm() - results.size()) & 1) != 0;
      } else {
        scalar = false;
      }
      if (n.op() == Opcode.INDEX) {
        code.iota();
        iota = c.allocateLocal(TypeKind.REFERENCE);
        c.astore(iota);
      }
      if (scalar || n.op().invariant()) {
        invariant(c, n);
        local[id] = c.allocateLocal(TypeKind.REFERENCE);
        c.astore(local[id]);
      }
    }
  }

  private void invariant(CodeBuilder c, Node n) {
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

  /** One iteration's arithmetic at a constant distance from the loop's offset; returns the results' locals. */
  private int[] body(CodeBuilder c, int distance) {
    int[] slot = local.clone();
    for (int id = 0; id < nodes.size(); id++) {
      if (slot[id] < 0) {
        instruction(c, nodes.get(id), slot, distance);
        slot[id] = c.allocateLocal(TypeKind.REFERENCE);
        c.astore(slot[id]);
      }
    }
    return results.stream().mapToInt(r -> slot[r]).toArray();
  }

  private void instruction(CodeBuilder c, Node n, int[] slot, int distance) {
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
          code.floats(n.op().name().toLowerCase(java.util.Locale.ROOT), operands - 1);
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

  private int[][] accumulators(CodeBuilder c, int unroll) {
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
  private void storeSums(CodeBuilder c, int[][] sum) {
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
