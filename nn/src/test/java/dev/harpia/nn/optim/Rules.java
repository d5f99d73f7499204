package dev.harpia.nn.optim;

import dev.harpia.nn.Parameter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Every rule, in all its variants that keep different state. */
final class Rules {
  private Rules() {}

  static Map<String, Function<List<Parameter>, Optimizer>> all() {
    Map<String, Function<List<Parameter>, Optimizer>> all = new LinkedHashMap<>();
    all.put("sgd", p -> new SGD(p, 0.01));
    all.put("momentum", p -> new SGD(p, 0.01).momentum(0.9).dampening(0.1));
    all.put("nesterov", p -> new SGD(p, 0.01).momentum(0.9).nesterov().decay(0.1));
    OneCycle cycle = OneCycle.of(0.02, 40);
    all.put("one cycle", p -> new SGD(p, cycle).momentum(cycle.momentum(0.85, 0.95)));
    all.put("adam", p -> new Adam(p, 0.01).decay(0.1));
    all.put("adam amsgrad", p -> new Adam(p, 0.01).amsgrad().decay(0.1));
    all.put("adamw", p -> new AdamW(p, Schedule.cosine(0.01, 3, 40)));
    all.put("adamw amsgrad", p -> new AdamW(p, 0.01).amsgrad());
    all.put("adamax", p -> new Adamax(p, 0.01));
    all.put("nadam", p -> new NAdam(p, 0.01));
    all.put("radam", p -> new RAdam(p, 0.01));
    all.put("rmsprop", p -> new RMSprop(p, 0.01));
    all.put("rmsprop momentum", p -> new RMSprop(p, 0.01).momentum(0.9));
    all.put("rmsprop centered", p -> new RMSprop(p, 0.01).centered());
    all.put("rmsprop both", p -> new RMSprop(p, 0.01).centered().momentum(0.9));
    all.put("adagrad", p -> new Adagrad(p, 0.01).initialSum(0.1).rateDecay(0.1));
    all.put("adadelta", p -> new Adadelta(p, 1));
    all.put("asgd", p -> new ASGD(p, 0.01).averageAfter(3));
    all.put("rprop", p -> new Rprop(p, 0.01));
    all.put("lion", p -> new Lion(p, 0.001).decay(0.1));
    return all;
  }
}
