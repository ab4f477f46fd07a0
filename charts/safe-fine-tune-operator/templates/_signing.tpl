{{- /* The Secret with the key that models are signed with. */}}
{{- define "safe-fine-tune.signingSecret" -}}
{{ .Values.signing.secret | default (printf "%s-signing" .Release.Name) }}
{{- end }}
