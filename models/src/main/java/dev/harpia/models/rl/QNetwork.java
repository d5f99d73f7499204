package dev.harpia.models.rl;

import dev.harpia.nn.Activation;
import dev.harpia.nn.Layer;
import dev.harpia.nn.Linear;
import dev.harpia.nn.Sequential;
import dev.harpia.tensor.Tensor;

/**
 * The values of all actions: two hidden layers, then a value per action; or the dueling form (Wang
 * et al. 2016), q = v + a − mean(a) with a state's value v and the actions' advantages a.
 *
 * <p>Shapes: observations [N, D], values [N, A].
 */
public final class QNetwork extends Layer {
  private final Sequential body;
  private final Linear actions;
  private final Linear value;
  private final boolean dueling;

  /** A network of {@code hidden} units per hidden layer. */
  public QNetwork(int observationSize, int actionCount, int hidden, boolean dueling) {
    this.dueling = dueling;
    body =
        layer(
            "body",
            new Sequential(
                new Linear(observationSize, hidden),
                Activation.relu(),
                new Linear(hidden, hidden),
                Activation.relu()));
    actions = layer("actions", new Linear(hidden, actionCount));
    value = dueling ? layer("value", new Linear(hidden, 1)) : actions;
  }

  @Override
  public Tensor forward(Tensor x) {
    Tensor h = body.forward(x); // [N, H]
    Tensor a = actions.forward(h); // [N, A]
    return dueling ? a.sub(a.mean(1).unsqueeze(1)).add(value.forward(h)) : a;
  }
}
