/** Rooms that a browser runs as well. */
export const BROWSER = [
  ...["core", "io", "preprocess", "backend", "centernet", "onnx", "tracing", "simulation"],
  ...["evaluation", "picking"],
];

/** The files in them that know Deno: they are about files and folders, processes or Mesa. */
export const ABOUT_FILES = [
  ...["lib/core/files.ts", "lib/core/cache_folder.ts", "lib/backend/webgpu/adapter.ts"],
  "lib/backend/webgpu/vulkan.ts",
  ...["_bunzip", "_byte_source", "_folders", "_pick_records", "coordinates", "hash_file", "inputs"]
    .map((file) => `lib/io/${file}.ts`),
  ...["lib/onnx/runtime.ts", "lib/evaluation/folders.ts"],
  ...["lib/picking/change_threshold.ts", "lib/picking/results.ts"],
];
