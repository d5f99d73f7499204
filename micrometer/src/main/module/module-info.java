/** Figures of plans in service, for Micrometer's registries. */
module dev.harpia.micrometer {
  requires transitive dev.harpia.nn;
  requires transitive micrometer.core;
  requires static org.jspecify;

  exports dev.harpia.micrometer;
}
