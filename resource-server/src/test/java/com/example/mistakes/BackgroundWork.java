/* SPDX-License-Identifier: Apache-2.0 */
package com.example.mistakes;

import java.util.concurrent.CompletableFuture;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;

/** Work on other threads than those of requests. */
@Configuration
@EnableAsync
class BackgroundWork {
  /** Counts memos. */
  static class Counter {
    private final JdbcClient jdbc;

    Counter(JdbcClient jdbc) {
      this.jdbc = jdbc;
    }

    public int count() {
      return jdbc.sql("select count(*) from memo").query(Integer.class).single();
    }

    @Async
    public CompletableFuture<Integer> countLater() {
      return CompletableFuture.completedFuture(count());
    }
  }

  @Bean
  Counter counter(JdbcClient jdbc) {
    return new Counter(jdbc);
  }
}
