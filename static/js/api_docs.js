/* The API's page: every operation of the schema as text, drawn here, from this host alone. */
(async () => {
  "use strict";

  const page = document.querySelector("[data-api-docs]");
  if (!page) return;
  const target = page.querySelector("[data-operations]");
  const add = (parent, name, text) => {
    const element = document.createElement(name);
    element.textContent = text;
    parent.append(element);
    return element;
  };
  const schema = await (await fetch(page.dataset.apiDocs, { headers: { Accept: "application/json" } })).json();
  Object.entries(schema.paths).forEach(([path, methods]) => {
    Object.entries(methods).forEach(([method, operation]) => {
      const block = add(target, "details", "");
      add(block, "summary", `${method.toUpperCase()} ${path}`);
      add(block, "p", operation.description || "");
      const body = operation.requestBody?.content?.["application/json"]?.schema;
      if (body) add(block, "pre", JSON.stringify(schema.components.schemas[body.$ref?.split("/").pop()] || body, null, 2));
      add(block, "p", Object.keys(operation.responses).join(" · "));
    });
  });
})();
