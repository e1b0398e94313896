# A server of Mechanical Turk: docs/guides/containers.md says how to run it.
FROM python:3.13-slim AS build
COPY . /source
RUN python -m venv /opt/mturk-mock \
    && /opt/mturk-mock/bin/python -m pip install --no-cache-dir "/source[server]"

FROM python:3.13-slim
RUN useradd --uid 5780 --no-create-home --shell /usr/sbin/nologin mturk \
    && install --directory --owner=mturk --mode=700 /state
COPY --from=build /opt/mturk-mock /opt/mturk-mock
ENV PATH=/opt/mturk-mock/bin:$PATH \
    MTURK_MOCK_HOST=0.0.0.0 \
    MTURK_MOCK_PORT=5780 \
    MTURK_MOCK_STATE=/state/mturk.sqlite
USER 5780
WORKDIR /state
VOLUME /state
EXPOSE 5780
HEALTHCHECK --interval=10s --timeout=10s --start-period=60s \
    CMD mturk-mock health "http://127.0.0.1:$MTURK_MOCK_PORT"
ENTRYPOINT ["mturk-mock"]
# Without credentials it needs --insecure, as MTURK_MOCK_INSECURE=1, which the image does not choose.
CMD ["serve"]
