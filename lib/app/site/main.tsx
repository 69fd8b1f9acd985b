/// <reference lib="dom" />
import { render } from "preact";
import { ClassPage } from "./class_page.tsx";
import { PickPage } from "./pick_page.tsx";

const isClass = document.body.dataset.page === "class";
render(isClass ? <ClassPage /> : <PickPage />, document.querySelector("#app")!);
