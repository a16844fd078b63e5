/* The sample portal's own script: the pager and the lazy pictures, as the CMS's library would do them. */
var VHV = {
  config: {},
  lang: {},
  modules: [],
  App: { login: function () {}, contact: function () {} },
  extendLanguage: function (words) { for (var key in words) { this.lang[key] = words[key]; } },
  using: function (settings, module, options) {
    if (typeof settings === "string") { return; }
    this.modules.push([settings, module, options]);
  },
  redraw: function (settings, pageNo) {
    var site = VHV.config.site, form = [];
    var values = {};
    for (var key in settings) { values[key] = settings[key]; }
    values.pageNo = pageNo;
    values._t = Date.now();
    for (var name in values) { form.push(encodeURIComponent(name) + "=" + encodeURIComponent(values[name])); }
    var request = new XMLHttpRequest();
    request.open("POST", "/?module=" + settings.module + "&moduleId=" + settings.id + "&cmd=redraw&site=" + site +
      "&url_mode=rewrite&submitFormId=" + settings.id + "&moduleId=" + settings.id + "&page=" + settings.page + "&site=" + site);
    request.setRequestHeader("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8");
    request.setRequestHeader("X-Requested-With", "XMLHttpRequest");
    request.onload = function () {
      var list = document.querySelector("#module" + settings.id + " .list-news, #module" + settings.id + " tbody");
      if (list) { list.innerHTML = request.responseText; VHV.lazy(); }
    };
    request.send(form.join("&"));
  },
  lazy: function () {
    var images = document.querySelectorAll("img[data-original]");
    for (var i = 0; i < images.length; i++) {
      images[i].src = images[i].getAttribute("data-original");
      images[i].removeAttribute("data-original");
    }
  },
  pagers: function () {
    this.modules.forEach(function (entry) {
      var settings = entry[0], options = entry[2];
      var place = document.getElementById("pagination" + settings.id);
      if (!place || settings.hasPagination !== "1") { return; }
      var pages = Math.ceil(options.totalItems / Number(options.itemsPerPage));
      for (var number = 1; number <= Math.min(pages, 12); number++) {
        var link = document.createElement("a");
        link.href = "javascript:void(0)";
        link.textContent = number;
        link.onclick = VHV.redraw.bind(null, settings, number);
        place.appendChild(link);
      }
    });
  }
};
document.addEventListener("DOMContentLoaded", function () { VHV.lazy(); VHV.pagers(); });
