package dev.harpia.nn.plan;

import dev.harpia.nn.plan.Graph.Step;
import dev.harpia.nn.plan.Graph.Value;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A rewriting of a computation that computes the same faster. */
@FunctionalInterface
interface Rule {
  /**
   * Steps that stand for {@code step}, the last of which writes the same output values; null where
   * the rule does not apply. Producers whose results are no longer used are dropped afterwards.
   *
   * @param uses how often each value is used
   */
  @Nullable List<Step> apply(Step step, Map<Value, Integer> uses);
}
