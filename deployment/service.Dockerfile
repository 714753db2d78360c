# task-api and task-web: `--build-arg SERVICE=task-api`. Run `./mvnw package` first.
ARG SERVICE

# Layers that change rarely come first, so that an update of the product is a small download.
FROM eclipse-temurin:25-jre AS layers
ARG SERVICE
WORKDIR /build
COPY ${SERVICE}/target/${SERVICE}-*-app.jar app.jar
RUN java -Djarmode=tools -jar app.jar extract --layers --destination layers

# The service starts once, with a temporary database, to write the cache of its JVM (JEP 483).
FROM postgres:18 AS training
ARG SERVICE
COPY --from=layers /opt/java/openjdk /opt/java/openjdk
COPY --from=layers --chown=postgres /build/layers/dependencies/ /build/layers/spring-boot-loader/ /build/layers/snapshot-dependencies/ /build/layers/application/ /app/
COPY deployment/target/deployment-*-app.jar /training/setup.jar
COPY --chmod=555 deployment/train.sh /training/
USER postgres
WORKDIR /app
RUN /training/train.sh ${SERVICE} /tmp/app.aot

FROM eclipse-temurin:25-jre
ARG USER=10001
WORKDIR /app
COPY --from=layers /build/layers/dependencies/ ./
COPY --from=layers /build/layers/spring-boot-loader/ ./
COPY --from=layers /build/layers/snapshot-dependencies/ ./
COPY --from=layers /build/layers/application/ ./
COPY --from=training --chmod=444 /tmp/app.aot ./
# The log contains text of requests; as JSON, it cannot begin a line of its own.
ENV LOGGING_STRUCTURED_FORMAT_CONSOLE=logstash LOGGING_CONSOLE_APPENDER=structured-console-appender
USER ${USER}:${USER}
# All addresses of the container; its network and the published ports limit the access.
ENV ROWLOCK_BIND_ADDRESS=0.0.0.0
ENTRYPOINT ["java", "-XX:AOTCache=app.aot", "-XX:MaxRAMPercentage=60", "-XX:+ExitOnOutOfMemoryError", "-jar", "app.jar"]
