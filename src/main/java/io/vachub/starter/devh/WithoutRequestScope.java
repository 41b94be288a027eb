package io.vachub.starter.devh;

import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;

/**
 * Takes the starter's scope {@code grpcRequest} away: it would keep a container of beans for every
 * open stream, a tenth of what a stream takes, and enter it for every message.
 */
class WithoutRequestScope implements BeanDefinitionRegistryPostProcessor {

  private static final String STARTERS_BEAN = "grpcRequestScope";

  @Override
  public void postProcessBeanDefinitionRegistry(BeanDefinitionRegistry registry) {
    if (registry.containsBeanDefinition(STARTERS_BEAN)) {
      registry.removeBeanDefinition(STARTERS_BEAN);
    }
  }
}
