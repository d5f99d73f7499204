package dev.harpia.simd;

import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.Collections;

/** The bytecode of single Vector API calls; operands are on the stack unless a local is named. */
final class VectorCode {
  private static final ClassDesc FLOATS = ClassDesc.of("jdk.incubator.vector.FloatVector");
  private static final ClassDesc INTS = ClassDesc.of("jdk.incubator.vector.IntVector");
  private static final ClassDesc VECTOR = ClassDesc.of("jdk.incubator.vector.Vector");
  private static final ClassDesc MASK = ClassDesc.of("jdk.incubator.vector.VectorMask");
  private static final ClassDesc SPECIES = ClassDesc.of("jdk.incubator.vector.VectorSpecies");
  private static final ClassDesc OPERATORS = ClassDesc.of("jdk.incubator.vector.VectorOperators");
  private static final ClassDesc BINARY = OPERATORS.nested("Binary");
  private static final ClassDesc ASSOCIATIVE = OPERATORS.nested("Associative");
  private static final ClassDesc COMPARISON = OPERATORS.nested("Comparison");
  private static final ClassDesc CONVERSION = OPERATORS.nested("Conversion");
  private static final ClassDesc SEGMENT = ClassDesc.of("java.lang.foreign.MemorySegment");
  private static final ClassDesc ORDER = ClassDesc.of("java.nio.ByteOrder");
  private static final ClassDesc VECTORS = ClassDesc.of("dev.harpia.simd.Vectors");
  private static final ClassDesc RANDOM = ClassDesc.of("dev.harpia.tensor.CounterRandom");

  private final CodeBuilder c;

  VectorCode(CodeBuilder c) {
    this.c = c;
  }

  private void species(boolean floats) {
    c.getstatic(VECTORS, floats ? "F" : "I", SPECIES);
  }

  private void call(ClassDesc owner, String name, ClassDesc result, ClassDesc... operands) {
    c.invokevirtual(owner, name, MethodTypeDesc.of(result, operands));
  }

  /** Pushes the segment of all memory and an address. */
  private void address(int base, int offset, int distance) {
    c.getstatic(VECTORS, "ALL", SEGMENT).lload(base).lload(offset).ladd();
    if (distance != 0) {
      c.loadConstant((long) distance).ladd();
    }
    c.getstatic(VECTORS, "LE", ORDER);
  }

  void load(int base, int offset, int distance) {
    species(true);
    address(base, offset, distance);
    c.invokestatic(
        FLOATS, "fromMemorySegment", MethodTypeDesc.of(FLOATS, SPECIES, SEGMENT, CD_long, ORDER));
  }

  void loadInt(int base, int offset, int distance) {
    species(false);
    address(base, offset, distance);
    c.invokestatic(
        INTS, "fromMemorySegment", MethodTypeDesc.of(INTS, SPECIES, SEGMENT, CD_long, ORDER));
    c.getstatic(OPERATORS, "I2F", CONVERSION).iconst_0();
    call(INTS, "convert", VECTOR, CONVERSION, CD_int);
    c.checkcast(FLOATS);
  }

  void store(int base, int offset) {
    address(base, offset, 0);
    call(FLOATS, "intoMemorySegment", CD_void, SEGMENT, CD_long, ORDER);
  }

  void zero() {
    species(true);
    c.invokestatic(FLOATS, "zero", MethodTypeDesc.of(FLOATS, SPECIES));
  }

  void broadcast(Runnable scalar) {
    species(true);
    scalar.run();
    c.invokestatic(FLOATS, "broadcast", MethodTypeDesc.of(FLOATS, SPECIES, CD_float));
  }

  void broadcastInt(Runnable scalar) {
    species(false);
    scalar.run();
    c.invokestatic(INTS, "broadcast", MethodTypeDesc.of(INTS, SPECIES, CD_int));
  }

  void scalar(int base) {
    c.lload(base).invokestatic(VECTORS, "get", MethodTypeDesc.of(CD_float, CD_long));
  }

  void scalarInt(int base) {
    c.lload(base).invokestatic(VECTORS, "getInt", MethodTypeDesc.of(CD_int, CD_long)).i2f();
  }

  /** Half of a random stream's key. */
  void key(int seed, int stream, int shift) {
    c.lload(seed).loadConstant(stream);
    c.invokestatic(RANDOM, "key", MethodTypeDesc.of(CD_long, CD_long, CD_int));
    c.loadConstant(shift).lushr().l2i();
  }

  /** 0, 1, 2, … */
  void iota() {
    species(false);
    c.invokestatic(INTS, "zero", MethodTypeDesc.of(INTS, SPECIES)).iconst_1();
    call(INTS, "addIndex", INTS, CD_int);
  }

  /** The elements' indices, modulo 2^32. */
  void index(int iota, int firstIndex, int offset, int distance) {
    c.aload(iota).lload(firstIndex).lload(offset).loadConstant(2).lushr().ladd().l2i();
    if (distance != 0) {
      c.loadConstant(distance / Float.BYTES).iadd();
    }
    call(INTS, "add", INTS, CD_int);
  }

  /** A method of FloatVector with the given number of vector arguments. */
  void floats(String method, int arguments) {
    ClassDesc[] vectors = Collections.nCopies(arguments, VECTOR).toArray(new ClassDesc[0]);
    call(FLOATS, method, FLOATS, vectors);
  }

  void ints(String method) {
    call(INTS, method, INTS, VECTOR);
  }

  void blend() {
    call(FLOATS, "blend", FLOATS, VECTOR, MASK);
  }

  void compare(String comparison, int right) {
    c.getstatic(OPERATORS, comparison, COMPARISON).aload(right);
    call(FLOATS, "compare", MASK, COMPARISON, VECTOR);
  }

  void bits() {
    call(FLOATS, "reinterpretAsInts", INTS);
  }

  void fromBits() {
    call(INTS, "reinterpretAsFloats", FLOATS);
  }

  void xor(int spare) {
    c.astore(spare).getstatic(OPERATORS, "XOR", ASSOCIATIVE).aload(spare);
    call(INTS, "lanewise", INTS, BINARY, VECTOR);
  }

  void shift(String direction, int distance) {
    c.getstatic(OPERATORS, direction, BINARY).loadConstant(distance);
    call(INTS, "lanewise", INTS, BINARY, CD_int);
  }
}
