package dev.harpia.simd;

/** Packs a plan's weights, a tile of channels in each piece. */
final class PanelTask implements Parallel.Task {
  private final TapPlan plan;
  private long weight;
  private long packed;

  private PanelTask(TapPlan plan) {
    this.plan = plan;
  }

  static void run(TapPlan plan, long weight, long packed) {
    PanelTask task = plan.idlePanels.getAndSet(null);
    if (task == null) {
      task = new PanelTask(plan);
    }
    task.weight = weight;
    task.packed = packed;
    Parallel.run(plan.groups * plan.tiles, task);
    plan.idlePanels.set(task);
  }

  @Override
  public void run(int index) {
    plan.packPanels(index, weight, packed);
  }
}
