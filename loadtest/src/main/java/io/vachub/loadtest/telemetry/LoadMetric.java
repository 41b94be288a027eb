package io.vachub.loadtest.telemetry;

import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.metrics.data.Data;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.MetricDataType;
import io.opentelemetry.sdk.resources.Resource;

/** One metric with all its values of now. */
final class LoadMetric implements MetricData {

  private static final InstrumentationScopeInfo SCOPE =
      InstrumentationScopeInfo.create("io.vachub.loadtest");

  private final Resource resource;
  private final String name;
  private final String unit;
  private final String description;
  private final MetricDataType type;
  private final Data<?> data;

  LoadMetric(
      Resource resource,
      String name,
      String unit,
      String description,
      MetricDataType type,
      Data<?> data) {
    this.resource = resource;
    this.name = name;
    this.unit = unit;
    this.description = description;
    this.type = type;
    this.data = data;
  }

  @Override
  public Resource getResource() {
    return resource;
  }

  @Override
  public InstrumentationScopeInfo getInstrumentationScopeInfo() {
    return SCOPE;
  }

  @Override
  public String getName() {
    return name;
  }

  @Override
  public String getDescription() {
    return description;
  }

  @Override
  public String getUnit() {
    return unit;
  }

  @Override
  public MetricDataType getType() {
    return type;
  }

  @Override
  public Data<?> getData() {
    return data;
  }
}
