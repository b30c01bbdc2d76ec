"""Wagtail's background tasks as jobs of ours: a back end for django-tasks (setting TASKS)."""

from __future__ import annotations

from typing import Any

from django_tasks.backends.immediate import ImmediateBackend
from django_tasks.base import Task, TaskResult, TaskResultStatus
from django_tasks.utils import normalize_json

KIND = "core.background_task"


class JobBackend(ImmediateBackend):
    """Writes a job row in the caller's transaction, and Celery does it: whatever is killed, it is done (ADR 0008).

    Tasks named in OPTIONS["IN_PLACE"] only write rows of the same database, so they run at once, inside the very
    transaction they belong to.
    """

    def enqueue(self, task: Task[Any, Any], args: Any, kwargs: Any) -> TaskResult[Any]:
        """Queue the task; arguments that JSON cannot carry raise TypeError, as with every back end."""
        if task.module_path in self.options.get("IN_PLACE", ()):
            return super().enqueue(task, args, kwargs)
        self.validate_task(task)
        params = {"task": task.module_path, "args": normalize_json(args), "kwargs": normalize_json(kwargs)}
        from core.jobs.actions import start_job  # Wagtail asks for its back end before there are models

        job = start_job(kind=KIND, title=task.name, params=params, actor=None, organisation=None)
        return TaskResult(
            task=task,
            id=str(job.pk),
            status=TaskResultStatus.READY,
            enqueued_at=job.created_at,
            started_at=None,
            last_attempted_at=None,
            finished_at=None,
            args=args,
            kwargs=kwargs,
            backend=self.alias,
            errors=[],
            worker_ids=[],
        )
