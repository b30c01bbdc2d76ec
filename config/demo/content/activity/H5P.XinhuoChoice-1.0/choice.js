// One question with an answer to each choice: a library of H5P as small as one can be.
H5P.XinhuoChoice = (function () {
  function Choice(params, contentId, extras) {
    H5P.EventDispatcher.call(this);
    var self = this;
    var kept = extras && extras.previousState;
    var chosen = kept && params.answers[kept.chosen] ? kept.chosen : null;
    this.contentId = contentId;
    this.getScore = function () { return chosen !== null && params.answers[chosen].right ? 1 : 0; };
    this.getMaxScore = function () { return 1; };
    this.getCurrentState = function () { return chosen === null ? undefined : { chosen: chosen }; };
    this.attach = function ($container) {
      var box = $container.get(0);
      var head = document.createElement("h1");
      var said = document.createElement("p");
      var show = function () { said.textContent = chosen === null ? "" : params.answers[chosen].tip; };
      box.classList.add("xinhuo-choice");
      head.textContent = params.question;
      said.setAttribute("role", "status");
      box.append(head);
      params.answers.forEach(function (answer, place) {
        var button = document.createElement("button");
        button.type = "button";
        button.textContent = answer.text;
        button.addEventListener("click", function () {
          chosen = place;
          show();
          var event = self.createXAPIEventTemplate("answered");
          event.setScoredResult(self.getScore(), 1, self, true, answer.right);
          self.trigger(event);
          self.trigger("resize");
        });
        box.append(button);
      });
      box.append(said);
      show();
    };
  }
  Choice.prototype = Object.create(H5P.EventDispatcher.prototype);
  Choice.prototype.constructor = Choice;
  return Choice;
})();
