# Makes secrets and realm before the servers start. Needs `./mvnw package` before it.
FROM eclipse-temurin:25-jre
WORKDIR /app
COPY deployment/target/deployment-*-app.jar app.jar
ENTRYPOINT ["java", "-XX:TieredStopAtLevel=1", "-jar", "app.jar"]
CMD ["/secrets", "/realm"]
