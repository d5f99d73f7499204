package dev.harpia.simd;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Straight-line vector code as numbered nodes, operands before users. Equal nodes get one number,
 * so that work shared between a value and its derivative is done once.
 */
final class Graph {
  /** The register kind of a node's result. */
  enum Type {
    FLOATS,
    INTS,
    MASK
  }

  /** Vector instructions; {@code imm} of a node is the comment's meaning. */
  enum Opcode {
    LOAD(Type.FLOATS), // number of the address
    LOAD_INT(Type.FLOATS), // number of the address, converted
    PARAMETER(Type.FLOATS), // number of the parameter
    CONSTANT(Type.FLOATS), // bits of the float
    INT_CONSTANT(Type.INTS), // the int
    INDEX(Type.INTS),
    KEY_LOW(Type.INTS), // random stream
    KEY_HIGH(Type.INTS), // random stream
    ADD(Type.FLOATS),
    SUB(Type.FLOATS),
    MUL(Type.FLOATS),
    DIV(Type.FLOATS),
    FMA(Type.FLOATS),
    NEG(Type.FLOATS),
    ABS(Type.FLOATS),
    SQRT(Type.FLOATS),
    BLEND(Type.FLOATS), // a where the mask c is unset, b where it is set
    LT(Type.MASK),
    LE(Type.MASK),
    EQ(Type.MASK),
    NE(Type.MASK),
    BITS(Type.INTS),
    FROM_BITS(Type.FLOATS),
    INT_ADD(Type.INTS),
    INT_SUB(Type.INTS),
    INT_MUL(Type.INTS),
    AND(Type.INTS),
    OR(Type.INTS),
    XOR(Type.INTS),
    SHIFT_LEFT(Type.INTS), // distance
    SHIFT_RIGHT(Type.INTS), // distance, keeps the sign
    SHIFT_RIGHT_UNSIGNED(Type.INTS); // distance

    final Type type;

    Opcode(Type type) {
      this.type = type;
    }

    /** Whether the value is the same in every iteration and belongs before the loop. */
    boolean invariant() {
      return this == PARAMETER
          || this == CONSTANT
          || this == INT_CONSTANT
          || this == KEY_LOW
          || this == KEY_HIGH;
    }
  }

  /** An instruction with the numbers of its operands, −1 where it has none. */
  record Node(Opcode op, int imm, int a, int b, int c) {}

  private final List<Node> nodes = new ArrayList<>();
  private final Map<Node, Integer> numbers = new HashMap<>();

  /** What the results need, renumbered. */
  Lowering.Code code(List<Integer> results) {
    boolean[] needed = new boolean[nodes.size()];
    results.forEach(r -> needed[r] = true);
    for (int i = nodes.size() - 1; i >= 0; i--) {
      Node n = nodes.get(i);
      for (int operand : new int[] {n.a, n.b, n.c}) {
        if (needed[i] && operand >= 0) {
          needed[operand] = true;
        }
      }
    }
    int[] number = new int[nodes.size()];
    List<Node> kept = new ArrayList<>();
    for (int i = 0; i < number.length; i++) {
      if (needed[i]) {
        Node n = nodes.get(i);
        number[i] = kept.size();
        kept.add(new Node(n.op, n.imm, moved(n.a, number), moved(n.b, number), moved(n.c, number)));
      }
    }
    List<Integer> moved = results.stream().map(r -> number[r]).toList();
    return new Lowering.Code(List.copyOf(kept), moved, operations(kept));
  }

  private static int moved(int operand, int[] number) {
    return operand < 0 ? operand : number[operand];
  }

  /** Vector instructions in the loop, without loads, constants and reinterpretations. */
  private static int operations(List<Node> nodes) {
    int count = 0;
    for (Node n : nodes) {
      boolean free = n.op == Opcode.LOAD || n.op == Opcode.BITS || n.op == Opcode.FROM_BITS;
      count += free || n.op.invariant() ? 0 : 1;
    }
    return count;
  }

  private int node(Opcode op, int imm, int a, int b, int c) {
    Node n = new Node(op, imm, a, b, c);
    Integer known = numbers.get(n);
    if (known == null) {
      known = nodes.size();
      numbers.put(n, known);
      nodes.add(n);
    }
    return known;
  }

  int leaf(Opcode op, int imm) {
    return node(op, imm, -1, -1, -1);
  }

  int op(Opcode op, int a) {
    return node(op, 0, a, -1, -1);
  }

  int op(Opcode op, int a, int b) {
    return node(op, 0, a, b, -1);
  }

  int shift(Opcode op, int a, int distance) {
    return node(op, distance, a, -1, -1);
  }

  int constant(double v) {
    return leaf(Opcode.CONSTANT, Float.floatToRawIntBits((float) v));
  }

  int integer(int v) {
    return leaf(Opcode.INT_CONSTANT, v);
  }

  int add(int a, int b) {
    return op(Opcode.ADD, a, b);
  }

  int sub(int a, int b) {
    return op(Opcode.SUB, a, b);
  }

  int mul(int a, int b) {
    return op(Opcode.MUL, a, b);
  }

  int div(int a, int b) {
    return op(Opcode.DIV, a, b);
  }

  /** a·b + c. */
  int fma(int a, int b, int c) {
    return node(Opcode.FMA, 0, a, b, c);
  }

  int abs(int a) {
    return op(Opcode.ABS, a);
  }

  int bits(int a) {
    return nodes.get(a).op == Opcode.FROM_BITS ? nodes.get(a).a : op(Opcode.BITS, a);
  }

  int fromBits(int a) {
    return nodes.get(a).op == Opcode.BITS ? nodes.get(a).a : op(Opcode.FROM_BITS, a);
  }

  /** {@code a cmp b ? then : otherwise}. */
  int select(Opcode compare, int a, int b, int then, int otherwise) {
    if (then == otherwise) {
      return then;
    }
    return node(Opcode.BLEND, 0, otherwise, then, op(compare, a, b));
  }

  /** The polynomial with the given coefficients, highest power first (Horner). */
  int polynomial(int x, double... coefficients) {
    int r = constant(coefficients[0]);
    for (int i = 1; i < coefficients.length; i++) {
      r = fma(r, x, constant(coefficients[i]));
    }
    return r;
  }
}
