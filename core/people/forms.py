from django import forms


class SignupForm(forms.Form):
    name = forms.CharField(max_length=60)

    def signup(self, request, user):
        from core.people.actions import create_person

        create_person(user=user, name=self.cleaned_data["name"])
