// A client of the types that are generated from the API's document: submits one invalid input of each kind to a host, and tells the
// records apart by their kind. Usage: node client.js URL [KEY]
import createClient from "openapi-fetch";
import type { components, paths } from "./api.js";

type JobRecord = components["schemas"]["Record"];

declare const process: { readonly argv: readonly string[] };

const [url, key] = process.argv.slice(2);
const api = createClient<paths, "application/json" | "application/problem+json">({
  baseUrl: `${url}/api`,
  headers: { Accept: "application/json", ...(key === undefined ? {} : { "x-functions-key": key }) },
});

function described(record: JobRecord): string {
  switch (record.kind) {
    case "search":
      return `search: ${record.result.length} data sets, ${record.error?.code}`;
    case "retrieve":
      return `retrieve: ${record.result.length} results, ${record.error?.code}`;
    case "upload":
      return `upload: ${record.source}, ${record.error?.code}`;
    case "format":
      return `format: ${"search_type" in record.result ? record.result.search_type : "nothing"}, ${record.error?.code}`;
  }
}

async function recordsOf(id: string): Promise<JobRecord[]> {
  const params = { path: { id } };
  let job: components["schemas"]["Job"] | undefined;
  while (job?.summary === undefined) {
    const answer = await api.GET("/jobs/{id}", { params });
    if (answer.data === undefined) throw new Error(answer.error?.detail);
    job = answer.data;
    if (job.summary === undefined) await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const { data, error } = await api.GET("/jobs/{id}/results", { params });
  if (data === undefined) throw new Error(error?.detail);
  return data;
}

const submitted = [
  await api.POST("/search", { body: { requests: [] as components["schemas"]["SearchRequest"][] }, bodySerializer: () => "[5]" }),
  await api.POST("/retrieve", { body: ["no path"] }),
  await api.POST("/upload", { body: { destination: "projects/p/locations/l/datasets/d/dicomStores/s", inputs: ["no source"] } }),
];
for (const { data, error } of submitted) {
  if (data === undefined || Array.isArray(data)) throw new Error(error?.detail ?? "The answer is not 202.");
  for (const record of await recordsOf(data.id)) console.log(described(record));
}

const formatted = await api.POST("/format", { body: ["free text"] });
for (const record of formatted.data ?? []) console.log(described(record));
