import { assert, assertEquals, assertNotEquals } from "@std/assert";
import {
  type AdapterDescription,
  adapterName,
  describeAdapter,
  hasWebgpu,
  isSoftwareAdapter,
} from "../../lib/backend/webgpu/mod.ts";

function adapter(fields: Partial<AdapterDescription>): AdapterDescription {
  return {
    vendor: "",
    architecture: "",
    device: "",
    description: "",
    isFallbackAdapter: false,
    ...fields,
  };
}

Deno.test("isSoftwareAdapter() knows the programs that play GPU", async () => {
  const software = [
    { vendor: "65541", description: "llvmpipe (LLVM 15.0.6, 256 bits)" },
    { vendor: "google", architecture: "swiftshader" },
    { description: "SwiftShader Device (Subzero)" },
    { vendor: "microsoft", description: "Microsoft Basic Render Driver" },
    { isFallbackAdapter: true },
  ];
  for (const fields of software) assertEquals(await isSoftwareAdapter(adapter(fields)), true);
});

Deno.test("isSoftwareAdapter() lets real GPUs pass", async () => {
  const real = [
    { vendor: "4318", description: "NVIDIA H200" },
    { vendor: "apple", architecture: "apple-m4" },
    { vendor: "4098", description: "AMD Radeon RX 7900 XTX (RADV NAVI31)" },
    { vendor: "32902", description: "Intel(R) Arc(tm) A770 Graphics (DG2)" },
    {},
  ];
  for (const fields of real) assertEquals(await isSoftwareAdapter(adapter(fields)), false);
});

Deno.test("adapterName() takes the description, else the other fields", async () => {
  assertEquals(
    await adapterName(adapter({ vendor: "4318", description: "NVIDIA H200" })),
    "NVIDIA H200",
  );
  assertEquals(
    await adapterName(adapter({ vendor: "apple", architecture: "apple-m4" })),
    "apple apple-m4",
  );
  assertEquals(await adapterName(adapter({})), "unnamed GPU");
});

Deno.test("adapterName() agrees with hasWebgpu() on whether there is an adapter", async () => {
  const found = await describeAdapter();
  assertEquals(await hasWebgpu(), found !== undefined);
  if (found === undefined) assertEquals(await adapterName(), "none");
  else assertNotEquals(await adapterName(), "none");
});

Deno.test("WebGPU is there where the environment says that it must be", {
  ignore: !Deno.env.has("EPICKER_REQUIRE_WEBGPU"),
}, async () => {
  assert(await hasWebgpu());
});
